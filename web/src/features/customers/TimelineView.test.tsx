// @vitest-environment jsdom
import '../../test/setup';
import { render, screen } from '@testing-library/react';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { MemoryRouter } from 'react-router-dom';
import { key } from '../../api/queries';
import { setLanguage } from '../../lib/texts';
import { TimelineView } from './TimelineView';

function show(properties: Record<string, unknown>) {
  const who = { key: 'login', value: 'u1' };
  const client = new QueryClient({ defaultOptions: { queries: { enabled: false } } });
  client.setQueryData(key('timeline', who, ''), { pages: [{ known_by: who, events: [{ time: '2026-03-02T10:00:00Z', event: 'pay', properties }] }], pageParams: [''] });
  render(<QueryClientProvider client={client}><MemoryRouter><TimelineView who={who} counts={[]} /></MemoryRouter></QueryClientProvider>);
}

test.each<['zh' | 'en', Record<string, unknown>, string]>([
  ['en', { amount: 1234567, duration_ms: 272063 }, 'amount 1,234,567 · duration_ms 272,063'],
  ['en', { session_id: 19713, orderNo: 20261128, branch_code: 4401 }, 'session_id 19713 · orderNo 20261128 · branch_code 4401'],
  ['zh', { suitable: true, tags: ['甲', '乙'], sizes: [1000, 2] }, 'suitable 是 · tags 甲、乙 · sizes 1,000、2'],
])('in %s, %j of an event is said as people write it', (language, properties, words) => {
  setLanguage(language);
  show(properties);
  expect(screen.getByText(words)).toBeTruthy();
});
