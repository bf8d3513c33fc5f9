import { descriptionOf, emptyForm, formOf, typedSecrets } from './description';

const examples = import.meta.glob<Record<string, unknown>>('../../../../../examples/channels/*.json', { eager: true, import: 'default' });

// What is empty need not be said, and "several" of one is that one.
const bare = (value: unknown): unknown => (Array.isArray(value) ? value.map(bare) : value !== null && typeof value === 'object' ? Object.fromEntries(Object.entries(value).filter(([, of]) => of !== '').map(([name, of]) => [name, bare(of)])) : value);

describe.each(Object.entries(examples))('%s', (_, example) => {
  test('is in the form, and comes out of it as it went in', () => expect(descriptionOf(formOf(example))).toEqual(bare(example)));
});

test('everything that can be said of a call is in the form', () => {
  const all = {
    name: 'bulk', title: { en: 'Bulk' }, kind: 'http', secrets: ['a'], per_second: 5, at_once: 2, repeatable: true,
    request: { method: 'PUT', url: 'https://a.example', headers: { 'X-A': '{{secret.a}}' }, body: '{{entries}}', timeout_ms: 500 },
    sign: { over: '{{body}}', secret: 'a', encoding: 'base64' }, accepted: {}, busy: [{ status: '500-503' }, { where: { '/code': ['1', '2'] } }],
    batch: { most: 50, results: '/results', body: '[{{entries}}]' }, capture: { coupon: '/data/code' },
    query: { request: { url: 'https://a.example/q' }, found: { status: 200 }, absent: { status: 404 }, after_seconds: 9 },
    recall: { request: { method: 'DELETE', url: 'https://a.example/r' }, recalled: { status: 200 }, too_late: { status: '4xx' } },
    receipts: { items: '/all', key: '/id', outcome: '/is', outcomes: { ok: 'delivered' } },
  };
  expect(descriptionOf(formOf(all))).toEqual(all);
});

test('a kind has its own fields only', () => {
  const form = { ...emptyForm, name: ' desk ', address: 'phone', url: 'smtp://x' };
  expect(descriptionOf({ ...form, kind: 'tasks' })).toEqual({ name: 'desk', kind: 'tasks' });
  expect(descriptionOf({ ...form, kind: 'mail' })).toEqual({ name: 'desk', kind: 'mail', address: 'phone', url: 'smtp://x' });
});

test('what was switched on and not filled in stays, for the server to say what it lacks', () => {
  expect(descriptionOf({ ...emptyForm, sign: { over: '', secret: '', encoding: 'hex' }, receipts: { items: '', key: '', outcome: '', outcomes: [] } })).toMatchObject({ sign: { encoding: 'hex' }, receipts: { outcomes: {} } });
});

test('a secret is never in the description, and only what was typed is sent', () => {
  const form = { ...emptyForm, secrets: [{ name: 'a', value: 'hush' }, { name: 'b', value: '' }, { name: '', value: 'x' }] };
  expect(descriptionOf(form).secrets).toEqual(['a', 'b']);
  expect(JSON.stringify(descriptionOf(form))).not.toContain('hush');
  expect(typedSecrets(form)).toEqual({ a: 'hush' });
});
