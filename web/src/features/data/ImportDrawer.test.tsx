// @vitest-environment jsdom
import '../../test/setup';
import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { MemoryRouter } from 'react-router-dom';
import { setLanguage } from '../../lib/texts';
import { ImportDrawer } from './ImportDrawer';

afterEach(() => { cleanup(); vi.unstubAllGlobals(); });
beforeEach(() => setLanguage('en'));

// Imports two rows, of which the server takes so many.
async function take(accepted: number) {
  vi.stubGlobal('fetch', (address: string) => Promise.resolve(Response.json(address.startsWith('/v1/events/import') ? { success: true, code: 'ok', accepted, quarantined: 2 - accepted } : address.startsWith('/v1/projects') ? { projects: [{ name: 'default', sources: ['web'] }] } : {})));
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  client.setQueryData(['session'], { person: 'li', rights: [] });
  render(<QueryClientProvider client={client}><MemoryRouter><ImportDrawer onClose={() => undefined} /></MemoryRouter></QueryClientProvider>);
  const file = new File(['event,login\npay,a\npay,b\n'], 'a.csv');
  file.arrayBuffer ??= () => Promise.resolve(new TextEncoder().encode('event,login\npay,a\npay,b\n').buffer as ArrayBuffer);
  fireEvent.change(document.querySelector('input[type=file]')!, { target: { files: [file] } });
  fireEvent.click(await screen.findByRole('button', { name: 'Import' }, { timeout: 5_000 }));
  return (await screen.findByText(/rows are in\.$/, {}, { timeout: 5_000 })).closest('.ant-alert')!;
}

test.each([[2, '2 rows are in.', 'success'], [1, '1 of 2 rows are in.', 'success'], [0, '0 of 2 rows are in.', 'error']])('of two rows %i are in, and so it says', async (accepted, says, type) => {
  const alert = await take(accepted);
  expect(alert.textContent).toContain(says);
  expect(alert.classList.contains(`ant-alert-${type}`)).toBe(true);
}, 20_000);
