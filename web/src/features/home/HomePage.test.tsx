// @vitest-environment jsdom
import '../../test/setup';
import { cleanup, render, screen } from '@testing-library/react';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { MemoryRouter } from 'react-router-dom';
import { setLanguage } from '../../lib/texts';
import HomePage from './HomePage';

afterEach(() => { cleanup(); vi.unstubAllGlobals(); });

function show(rights: string[]) {
  setLanguage('en');
  vi.stubGlobal('fetch', () => Promise.resolve(Response.json({})));
  const client = new QueryClient({ defaultOptions: { queries: { retry: false, staleTime: 60_000 } } });
  client.setQueryData(['session'], { person: 'li', rights });
  render(<QueryClientProvider client={client}><MemoryRouter><HomePage /></MemoryRouter></QueryClientProvider>);
}

test('who has no right yet is told whom to ask', async () => {
  show([]);
  await screen.findByText(/no rights yet. Ask your security administrator/);
});

test('who has one is told nothing of it', () => {
  show(['roles.view']);
  expect(screen.queryByText(/no rights yet/)).toBeNull();
});
