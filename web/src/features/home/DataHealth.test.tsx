// @vitest-environment jsdom
import '../../test/setup';
import { cleanup, render, screen } from '@testing-library/react';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { MemoryRouter } from 'react-router-dom';
import { setLanguage } from '../../lib/texts';
import { DataHealth } from './DataHealth';

afterEach(() => { cleanup(); vi.unstubAllGlobals(); });

const kAnswers: Record<string, unknown> = { '/v1/plan': { events: [] }, '/v1/plan/report': { events: [], properties: [], undeclared: { events: [], properties: [] } }, '/v1/quarantine': { items: [] } };

function show(answer: (path: string) => Promise<Response>) {
  setLanguage('en');
  vi.stubGlobal('fetch', (address: string) => answer(address.split('?')[0]!));
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  client.setQueryData(['session'], { person: 'li', rights: ['plan.view', 'events.view'], bounded: [] });
  render(<QueryClientProvider client={client}><MemoryRouter><DataHealth /></MemoryRouter></QueryClientProvider>);
}
const says = () => screen.getAllByRole('listitem').map((row) => row.querySelector('.quiet')!.textContent);

test('nothing is called good before it is known', () => {
  show(() => new Promise(() => undefined));
  expect(says()).toEqual(['–', '–', '–', '–']);
  expect(document.querySelectorAll('.ant-badge-status-success').length).toBe(0);
});

test('what is known to be good is called so', async () => {
  show((path) => Promise.resolve(Response.json(kAnswers[path] ?? {})));
  await screen.findByText('Nothing is in quarantine');
  expect(says()).toEqual(['None yet', 'Nothing is in quarantine', 'All fits the tracking plan', 'Everything is declared']);
});
