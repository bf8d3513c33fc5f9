// @vitest-environment jsdom
import '../../test/setup';
import { cleanup, render, screen, waitFor } from '@testing-library/react';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { MemoryRouter } from 'react-router-dom';
import { setLanguage } from '../../lib/texts';
import { FirstRun } from './FirstRun';

afterEach(() => { cleanup(); vi.unstubAllGlobals(); });

test('what is done elsewhere ticks by itself', async () => {
  setLanguage('en');
  let declared = false;
  const answers: Record<string, () => unknown> = {
    '/v1/plan': () => ({ events: [{ name: 'look', count: 1, declared }], properties: [] }), '/v1/segments': () => ({ items: declared ? [{ id: 'seg' }] : [] }), '/v1/journeys': () => ({ journeys: [] }),
    '/v1/query': () => ({ everyone: { measures: { customers: { total: 1, buckets: [1] } } } }),
  };
  vi.stubGlobal('fetch', (address: string) => Promise.resolve(Response.json(answers[address.split('?')[0]!]?.() ?? {})));
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  client.setQueryData(['session'], { person: 'li', rights: ['plan.view', 'segments.view', 'journeys.view', 'questions.view'] });
  render(<QueryClientProvider client={client}><MemoryRouter><FirstRun /></MemoryRouter></QueryClientProvider>);
  const ticked = () => [...document.querySelectorAll('li.done .what')].map(({ textContent }) => textContent);
  await screen.findByText('Send your first event');
  await waitFor(() => expect(ticked()).toEqual(['Send your first event', 'Know your first customer']));
  declared = true;
  await waitFor(() => expect(ticked()).toEqual(['Send your first event', 'Declare an event', 'Know your first customer', 'Select your first segment']), { timeout: 8_000 });
}, 15_000);
