// @vitest-environment jsdom
import '../test/setup';
import { render, screen } from '@testing-library/react';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { MemoryRouter } from 'react-router-dom';
import type { Trace } from '../api/schema';
import { currentProject } from '../lib/links';
import { setLanguage } from '../lib/texts';
import { TraceView } from './TraceView';

test.each<['zh' | 'en', string, string]>([
  ['zh', 'pay', '· 支付'],
  ['en', 'pay', '· Payment'],
  ['zh', 'unplanned', '· unplanned'],
])('in %s, what was done too late (%s) is called what people call it', (language, event, words) => {
  setLanguage(language);
  const client = new QueryClient({ defaultOptions: { queries: { enabled: false } } });
  client.setQueryData(['plan', currentProject()], { events: [{ name: 'pay', zh: '支付', en: 'Payment' }], properties: [] });
  const lines: Trace['trace'] = [{ time: '2026-03-02T10:00:00Z', journey: 'j', what: 'late_event', detail: event }];
  render(<QueryClientProvider client={client}><MemoryRouter><TraceView lines={lines} empty="" /></MemoryRouter></QueryClientProvider>);
  expect(screen.getByText(words)).toBeTruthy();
});
