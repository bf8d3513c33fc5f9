// @vitest-environment jsdom
import '../../test/setup';
import { act, cleanup, fireEvent, render, screen } from '@testing-library/react';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { MemoryRouter } from 'react-router-dom';
import { setLanguage } from '../../lib/texts';
import TagsPage from './TagsPage';

afterEach(() => { cleanup(); vi.unstubAllGlobals(); });

const kTags = { items: [], categories: [], albums: [] };
const refused = () => Promise.resolve(Response.json({ error: { code: 'bad_request', message: 'No.', message_zh: '不行。', request_id: 'r' } }, { status: 400 }));

// What the server answers while nothing is sought, and to what is typed.
test.each<[string, () => Promise<Response>, () => Promise<Response>]>([
  ['nothing came yet', () => new Promise(() => undefined), () => new Promise(() => undefined)],
  ['what is typed is refused', () => Promise.resolve(Response.json(kTags)), refused],
])('who seeks a tag goes on typing while %s', async (_, all, sought) => {
  setLanguage('en');
  vi.stubGlobal('fetch', (path: string) => (new URL(path, 'http://x').searchParams.get('q') ? sought() : all()));
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  client.setQueryData(['session'], { rights: ['tags.view'] });
  render(<QueryClientProvider client={client}><MemoryRouter><TagsPage /></MemoryRouter></QueryClientProvider>);
  const field = await screen.findByPlaceholderText('Find by name, pinyin, meaning or owner');
  field.focus();
  fireEvent.change(field, { target: { value: 'vip' } });
  await act(() => new Promise((done) => setTimeout(done, 50)));
  expect(document.activeElement).toBe(field);
  expect((field as HTMLInputElement).value).toBe('vip');
});
