// @vitest-environment jsdom
import '../../test/setup';
import { cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { App } from 'antd';
import { MemoryRouter } from 'react-router-dom';
import type { Approval } from '../../api/schema';
import { setLanguage } from '../../lib/texts';
import { ApprovalDrawer } from './ApprovalDrawer';

afterEach(() => { cleanup(); vi.unstubAllGlobals(); });

const asked = (people: string[]): Approval => ({ subject: 'journey/payday', hash: 'h', asker: 'eve', asked_ms: 0, level: 0, state: 'open', ballots: [], delegations: [], content: {}, flow: { levels: [{ name: 'Compliance', rule: 1, people }] } });
const kUsers = [['li', 'checker'], ['wang', 'checker'], ['eve', 'checker'], ['zhao', 'analyst']].map(([name, role]) => ({ name, title: '', roles: [role], disabled: false }));
const kRoles = [{ id: 'checker', rights: ['journeys.approve'] }, { id: 'analyst', rights: [] }];

function show(rights: string[], more: Partial<Approval> = {}) {
  let approval = { ...asked(['li']), ...more };
  const sent: unknown[] = [];
  vi.stubGlobal('fetch', (address: string, { method, body }: { method: string; body?: string }) => {
    const path = address.split('?')[0]!;
    const answers: Record<string, unknown> = { '/v1/approvals/journey/payday': approval, '/v1/approvals': { flows: { text: { levels: [{ name: 'x', people: ['li', 'zhou'] }] } }, requests: [] }, '/v1/users': { items: kUsers }, '/v1/roles': { items: kRoles }, '/v1/journeys': { journeys: [] }, '/v1/segments': { items: [{ id: 'vip', name_zh: '', name_en: 'Very important' }] } };
    if (method === 'GET') return Promise.resolve(Response.json(answers[path] ?? {}));
    const said = JSON.parse(body!) as { to?: string; yes?: boolean };
    sent.push([path, said]);
    if (said.to === 'nobody') return Promise.resolve(Response.json({ error: { code: 'approval', message: 'Nobody may not approve.', message_zh: '不能审批。', request_id: 'r' } }, { status: 409 }));
    approval = said.to ? { ...asked([said.to]), delegations: [{ from: 'li', to: said.to, level: 0, at_ms: 1 }] } : { ...approval, state: 'approved' };
    return Promise.resolve(Response.json(approval));
  });
  const client = new QueryClient({ defaultOptions: { queries: { retry: false, staleTime: 60_000 } } });
  client.setQueryData(['session'], { person: 'li', rights: ['journeys.view', ...rights] });
  render(<QueryClientProvider client={client}><App><MemoryRouter><ApprovalDrawer subject="journey/payday" onClose={() => undefined} /></MemoryRouter></App></QueryClientProvider>);
  return sent;
}

const options = () => [...document.querySelectorAll('.ant-select-item-option')].map(({ textContent }) => textContent);
async function choosing() {
  fireEvent.click(await screen.findByRole('button', { name: 'Hand on' }));
  const dialog = (await screen.findByText('Who is asked instead of you?')).closest<HTMLElement>('.ant-modal')!;
  const box = within(dialog).getByRole('combobox', { name: 'Who approves' });
  fireEvent.mouseDown(box);
  return { dialog, box, done: within(dialog).getByRole<HTMLButtonElement>('button', { name: 'Hand on' }) };
}
function type(box: HTMLElement, name: string) {
  fireEvent.change(box, { target: { value: name } });
  fireEvent.click([...document.querySelectorAll('.ant-select-item-option')].find(({ textContent }) => textContent === name)!);
}

beforeEach(() => setLanguage('en'));

test('who is asked hands it on, is told why it is refused, and is asked no more', async () => {
  const sent = show(['journeys.approve', 'users.view', 'roles.view']);
  const { dialog, box, done } = await choosing();
  await waitFor(() => expect(options()).toEqual(['wang'])); // not who asked, nor who is asked, nor who may not approve
  expect(done.disabled).toBe(true);
  type(box, 'nobody');
  fireEvent.click(done);
  await within(dialog).findByText('Nobody may not approve.');
  fireEvent.mouseDown(box);
  type(box, 'wang');
  fireEvent.click(done);
  await screen.findByText('Handed on');
  await screen.findByText('handed on by li');
  expect(screen.queryByRole('button', { name: 'Approve' })).toBeNull();
  expect(sent).toEqual(['nobody', 'wang'].map((to) => ['/v1/approvals/journey/payday/delegate', { to }]));
});

test('who does not see users chooses among the people of all flows', async () => {
  show(['journeys.approve']);
  await choosing();
  await waitFor(() => expect(options()).toEqual(['zhou']));
});

test('who may not approve hands nothing on', async () => {
  show([]);
  await screen.findByText('asked now');
  expect(screen.queryByRole('button', { name: 'Hand on' })).toBeNull();
});

test('who votes is told that it counts', async () => {
  show(['journeys.approve']);
  fireEvent.click(await screen.findByRole('button', { name: 'Approve' }));
  await waitFor(() => expect(document.querySelector('.ant-message')?.textContent).toBe('Approved'));
});

test('who approves sees what it stands on, and that some of it is another now', async () => {
  const uses = [{ kind: 'segment', id: 'vip', hash: 'a', changed: true }, { kind: 'tag', id: 'mood', hash: 'b', changed: false }] as const;
  show(['journeys.approve', 'segments.view'], { uses: [...uses] });
  await screen.findByText(/cannot be published until it is asked for again/);
  const line = (await screen.findByRole('link', { name: 'Very important' })).closest('li')!;
  expect([line.textContent, screen.getByRole('link', { name: 'mood' }).closest('li')!.textContent]).toEqual(['Segment Very important vip changed since', 'Tag mood mood ']);
  cleanup();
  show(['journeys.approve'], { uses: [{ ...uses[0], changed: false }] });
  await screen.findByRole('link', { name: 'vip' });
  expect(screen.queryByText(/changed/)).toBeNull();
});
