// What is stored through every door is never run by any page; and what people who attack send to sign in, to
// upload and to come back after an erasure is refused in the stated way.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { at, settled, signedIn } from './console.mjs';
import { eventually, kPassword, kWriteKey, launchBrowser, startWaypost } from './harness.mjs';

const kRuns = [
  '<img src=x onerror="window.ran=1">', '"><svg onload="window.ran=1">', '<script>window.ran=1</script>', "'-(window.ran=1)-'", 'javascript:window.ran=1',
  '</textarea><script>window.ran=1</script>', "{{constructor.constructor('window.ran=1')()}}", '$t(constructor)', '<a href="javascript:window.ran=1">x</a>', '<iframe srcdoc="<script>parent.ran=1</script>">',
];
const kAll = kRuns.join(' ');
const [kImage] = kRuns;
const kShort = '<img src=x onerror=window.ran=1>';

let browser, server;
before(async () => {
  browser = await launchBrowser();
  server = await startWaypost();
});
after(async () => {
  await browser.close();
  await server.stop();
});

const send = async (records) => {
  const sent = await fetch(`${server.base}/v1/events`, { method: 'POST', headers: { authorization: `Basic ${btoa(`${kWriteKey}:`)}` }, body: JSON.stringify(records) });
  assert.equal(sent.status, 200);
};

// Through every door a text can come in by; the names of pages that show it.
async function plant() {
  const who = { distinct_id: 'u1', identities: { $identity_login_id: 'u1', $identity_email: kShort } };
  await send([
    { type: 'profile_set', ...who, properties: { name: kImage, note: kAll, [kShort]: kAll } },
    ...kRuns.map((text, i) => ({ event: i === 0 ? kImage : `e${i}`, ...who, properties: { text, [`p ${kShort}`]: text } })),
    { event: 'pay', ...who, properties: { amount: 1 } }, { event: 'pay', ...who, properties: { amount: kAll } }, { event: '', ...who, properties: { text: kAll } },
  ]);
  await eventually('all is there', async () => (await server.call('POST', '/v1/eql/estimate', { eql: 'DID(pay)' })).count === 1);
  await server.call('PATCH', '/v1/plan', { events: [{ name: 'pay', zh: kShort, en: kShort }], properties: [{ name: 'note', class: 'C1', zh: kShort, en: kShort }, { name: 'name', class: 'C1' }, { name: kShort, class: 'C1' }] });
  const named = { name_zh: kShort, name_en: kShort, owner: kShort };
  await server.call('POST', '/v1/segments', { id: 'seg', ...named, eql: `DID(pay) OR note = '${kAll.replaceAll("'", "''")}'` });
  await server.call('POST', '/v1/segments/seg/run');
  await server.call('POST', '/v1/lists', { id: 'list', ...named, key: 'login', values: ['u1', kImage] });
  await server.call('POST', '/v1/tags', { id: 'tag', ...named, meaning_zh: kAll.slice(0, 150), meaning_en: kShort, categories: [`${kShort.replaceAll('/', '')}/x`], albums: [kShort], make: { kind: 'value', of: 'name' } });
  await server.call('PUT', '/v1/tags/places', { categories: [{ name: kShort.replaceAll('/', ''), name_en: kShort }], albums: [{ name: kShort, name_en: kShort }] });
  await server.call('POST', '/v1/tags/tag/run');
  await server.call('POST', '/v1/tags/tag/steps/submit', { note: kAll.slice(0, 200) });
  await server.call('POST', '/v1/journeys', {
    id: 'jay', name: kShort, entry: { kind: 'event', on: kImage }, nodes: [{ id: 'start', type: 'entry' }, { id: 'say', type: 'send', channel: 'sms', text: 'x {{text}}' }, { id: 'end', type: 'exit' }],
    edges: [{ from: 'start', to: 'say' }, { from: 'say', to: 'end' }],
  });
  await send([{ event: kImage, ...who, properties: { text: kAll } }]);
  await eventually('it was said', async () => (await server.call('GET', '/v1/journeys/messages/sandbox')).items.length > 0);
  await server.call('PUT', '/v1/approvals/flows/journey', { levels: [{ name: kShort, rule: 'any', people: ['li', kShort] }] });
  await server.call('POST', '/v1/approvals/journey/jay', { id: 'jay', name: kAll, entry: { kind: 'api' }, nodes: [{ id: 'start', type: 'entry' }, { id: 'end', type: 'exit' }], edges: [{ from: 'start', to: 'end' }] });
  await server.call('PUT', '/v1/questions/q', { name: kImage, shared: true, body: { ask: 'trends', range: { last: 7, unit: 'day', include_current: true }, interval: 'day', by: ['text'], measures: [{ name: kShort, of: kImage, measure: 'count' }] } });
  await server.call('PUT', '/v1/questions/odd', { name: kImage, shared: true, body: { ask: kShort } });
  await server.call('PUT', '/v1/dashboards/d', { name: kImage, shared: true, body: { tiles: [{ question: 'q', size: 'whole' }, { question: 'odd', size: 'half' }] } });
  await server.call('PUT', '/v1/templates/t', { name: kImage, shared: true, body: { text: `【x】${kShort.replace('<img', '< img')} {{note|default:"x"}}拒收请回复R`, channel: kShort, category: 'service' } });
  await server.call('PUT', '/v1/tables/rows', { zh: kShort, en: kShort, key: ['id'], belongs_to: 'customer', columns: [{ name: 'id', type: 'string', zh: kShort, class: 'C1' }, { name: 'text', type: 'string', en: kShort, class: 'C1' }] });
  await server.call('POST', '/v1/tables/rows/rows', { rows: [{ identities: { login: 'u1' }, values: { id: kShort, text: kAll } }] });
  await server.call('PUT', '/v1/organisations/org', { name_zh: kShort, name_en: kShort });
  await server.call('PUT', '/v1/roles/role', { name_zh: kShort, name_en: kShort, rights: ['customers.view'] });
  await server.call('POST', '/v1/keys', { id: 'key', title: kShort, rights: ['customers.view'], days: 1 });
}

test('what comes in by any door is shown, and run by no page', async (t) => {
  await plant();
  await server.addUser('li', kShort);
  await server.addUser('sun', kShort, ['security_admin']);
  await server.addUser('qian', kShort, ['auditor']);
  await fetch(`${server.base}/v1/session`, { method: 'POST', headers: { origin: server.base, 'x-waypost': 'console' }, body: JSON.stringify({ name: kImage, password: kAll }) });
  const trends = { ask: 'trends', range: { last: 7, unit: 'day', include_current: true }, interval: 'day', by: ['text'], measures: [{ name: 'm1', of: kImage, measure: 'count' }] };
  const pages = {
    li: [
      '/', '/data/live', '/data/plan', '/data/plan?tab=properties', '/data/plan?tab=report', '/data/quarantine', '/data/sources', '/data/tables', '/data/tables/rows', '/customers?find=u1', `/customers?find=${encodeURIComponent(kImage)}`,
      ...['timeline', 'attributes', 'details', 'identities', 'tags', 'segments', 'touches'].map((tab) => `/customers/login/u1?tab=${tab}`), `/customers/email/${encodeURIComponent(kShort)}`,
      '/tags', '/tags/tag', '/tags/quality', '/segments', '/segments?tab=lists', '/segments/seg', '/segments/seg?tab=members', '/segments/seg/edit', '/segments/overlap?ids=seg',
      '/journeys', '/journeys/messages', '/journeys/jay?view=design&node=say', '/journeys/jay?view=live', '/journeys/jay?view=why&who=login%3Au1', '/approvals?tab=all', '/approvals?open=journey/jay', '/templates', '/templates/t?who=login%3Au1', '/channels',
      '/analysis/dashboards', '/analysis/dashboards/d', '/analysis/saved', `/analysis/trends${at(trends)}`, `/analysis/portrait${at({ ask: 'portrait', groups: [{ name: kImage, who: { eql: 'IN SEGMENT seg' } }] })}`,
      `/analysis/trends?q=${encodeURIComponent(kAll)}`, `/segments?find=${encodeURIComponent(kAll)}`, `/nowhere/${encodeURIComponent('<img src=x onerror=ran=1>')}`, '/settings/users',
    ],
    sun: ['/settings/roles', '/settings/organisations', '/settings/flows', '/settings/keys'], qian: ['/settings/audit'],
  };
  let shown = 0;
  for (const [name, addresses] of Object.entries(pages)) {
    const page = await signedIn(t, browser, server, {}, name);
    page.on('dialog', (dialog) => assert.fail(dialog.message()));
    if (name === 'li') {
      await page.evaluate((reason) => fetch('/v1/session/clear', { method: 'POST', headers: { 'x-waypost': 'console' }, body: JSON.stringify({ reason }) }), kShort);
    }
    for (const address of addresses) {
      await page.turn(address);
      await page.locator('#content').waitFor().catch((error) => assert.fail(`${address}: ${error.message} ${page.complaints}`));
      await settled(page);
      const [ran, made, text] = await page.evaluate(() => [window.ran, document.querySelectorAll('img[src="x"], svg[onload], iframe, a[href^="javascript:"], #root script').length, document.body.innerText]);
      assert.deepEqual([ran, made], [undefined, 0], address);
      if (text.includes('<img src=x')) shown += 1;
    }
    assert.deepEqual(page.complaints.filter((text) => /Content Security|Refused|inline/i.test(text)), []);
  }
  t.diagnostic(`${shown} pages show what was planted`);
  assert.ok(shown >= 25, `${shown} pages show it`);
});

const page = () => ({ origin: server.base, 'x-waypost': 'console' });
const signIn = (body, headers = page()) => fetch(`${server.base}/v1/session`, { method: 'POST', headers, body: typeof body === 'string' ? body : JSON.stringify(body) });

test('signing in refuses what is wrong in one way, whatever it is', async () => {
  await server.addUser('ann', 'Ann', ['analyst']);
  await server.addUser('gone', 'Gone', ['analyst']);
  await server.call('PATCH', '/v1/users/gone', { disabled: true });
  const cases = { L01: ['ann', 'wrong'], L02: ['nobody', kPassword], L03: ['gone', kPassword], L04: ["' OR 1=1--", kPassword], 'L07 admin': ['admin', 'admin'], 'L07 root': ['root', 'root'], 'a long one': ['a'.repeat(300), 'b'.repeat(3_000)], 'a NUL': ['ann\0', kPassword] };
  for (const [what, [name, password]] of Object.entries(cases)) {
    const answer = await signIn({ name, password });
    const { error } = await answer.json();
    assert.deepEqual([answer.status, error.code, answer.headers.get('set-cookie')], [401, 'sign_in_failed', null], what);
  }
});

test('a session is nothing but its cookie, and a write needs the page’s own call', async () => {
  const opened = await signIn({ name: 'ann', password: kPassword });
  assert.equal(opened.status, 200);
  const cookie = opened.headers.get('set-cookie').split(';')[0];
  const [name, secret] = cookie.split('=');
  const get = async (headers, address = '/v1/plan') => (await fetch(server.base + address, { headers })).status;
  assert.equal(await get({ ...page(), cookie }), 200);
  const jwt = (head) => `${btoa(JSON.stringify(head))}.${btoa('{"sub":"ann"}')}.`;
  for (const garbage of [`${name}=${secret.slice(0, -1)}`, `${name}=${secret}x`, `${name}=`, `${name}=%00`, `other=${secret}`]) assert.equal(await get({ ...page(), cookie: garbage }), 401, `L15 ${garbage}`);
  for (const head of [{ alg: 'none' }, { alg: 'HS256', kid: '../../dev/null' }]) assert.equal(await get({ authorization: `Bearer ${jwt(head)}` }), 401, 'L23');
  const change = async (headers) => (await fetch(`${server.base}/v1/questions/x`, { method: 'PUT', headers: { cookie, ...headers }, body: JSON.stringify({ name: 'x', shared: true, body: { ask: 'trends' } }) })).status;
  for (const headers of [{}, { origin: 'https://evil.example', 'x-waypost': 'console' }, { origin: 'null', 'x-waypost': 'console' }, { origin: server.base, 'content-type': 'text/plain' }]) assert.equal(await change(headers), 403, `L17 ${JSON.stringify(headers)}`);
  assert.equal(await change(page()), 200);
  assert.equal((await signIn({ name: 'ann', password: kPassword }, { origin: 'https://evil.example' })).status, 403, 'L18');
  for (const address of ['/login?next=//evil.com', '/login?next=javascript:alert(1)', '/console?next=//evil.com']) {
    const answer = await fetch(server.base + address, { redirect: 'manual' });
    assert.doesNotMatch(answer.headers.get('location') ?? '', /evil|javascript/, `L22 ${address}`);
  }
  for (const [method, address] of [['PATCH', '/me'], ['PATCH', '/v1/users/ann'], ['PUT', '/v1/users/ann/roles']]) {
    const answer = await fetch(server.base + address, { method, headers: { ...page(), cookie }, body: JSON.stringify({ role: 'admin', roles: ['system_admin'], org: 'root' }) });
    assert.ok([403, 404, 405].includes(answer.status), `L27 ${address} ${answer.status}`);
  }
  assert.equal(await get({ ...page(), cookie }, '/v1/audit'), 403, 'L30');
  await server.call('PUT', '/v1/users/ann/roles', { roles: [] });
  assert.equal(await get({ ...page(), cookie }), 403, 'L29');
});

test('an upload that is none is refused and nothing of it is kept', async () => {
  const before = (await server.call('GET', '/v1/lists')).items.length;
  const upload = (body, type = 'application/json') => fetch(`${server.base}/v1/lists`, { method: 'POST', headers: { authorization: 'Bearer e2e-api-token', 'content-type': type }, body });
  const list = (more) => JSON.stringify({ id: 'upload', name_en: 'x', key: 'login', values: ['a'], ...more });
  const part = '--b\r\nContent-Disposition: form-data; name="f"; filename="a"\r\n\r\nabc';
  const cases = {
    U04: ['GIF89a/*\0\0*/=1;alert(1)'], U05: ['<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', 'image/svg+xml'], U08: [list({ id: '../../../etc/cron.d/x' })], 'U08 .htaccess': [list({ id: '.htaccess' })], 'U08 long': [list({ id: 'x'.repeat(300) })],
    U09: ['hello', 'multipart/form-data'], U10: [part.repeat(10_000), 'multipart/form-data; boundary=b'], U11: [`--b\r\nX: ${'a'.repeat(1 << 20)}`, 'multipart/form-data; boundary=b'], U12: [part, 'multipart/form-data; boundary=b'],
    U15: ['<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>', 'application/xml'], 'too many': [list({ values: Array.from({ length: 100_001 }, (_, i) => `c${i}`) })], 'no texts': [list({ values: [{}] })],
  };
  for (const [what, [body, type]] of Object.entries(cases)) {
    const answer = await upload(body, type);
    assert.ok([400, 413, 415, 422].includes(answer.status), `${what}: ${answer.status} ${await answer.text()}`);
  }
  assert.equal((await server.call('GET', '/v1/lists')).items.length, before);
});

test('who was erased is in no message of the sandbox, whose file others keep', async () => {
  const enter = (value) => server.call('POST', '/v1/journeys/told/entries', { customer: { key: 'login', value } });
  await send(['adam', 'seth'].map((name) => ({ type: 'profile_set', distinct_id: name, identities: { $identity_login_id: name }, properties: { note: `${name}s secret` } })));
  await server.call('DELETE', '/v1/approvals/flows/journey').catch(() => undefined); // of a test before
  await server.call('POST', '/v1/journeys', { id: 'told', entry: { kind: 'api' }, nodes: [{ id: 'start', type: 'entry' }, { id: 'say', type: 'send', channel: 'sms', text: 'note {{customer.note}}' }, { id: 'end', type: 'exit' }], edges: [{ from: 'start', to: 'say' }, { from: 'say', to: 'end' }] });
  await eventually('both are there', async () => (await enter('adam')) && (await enter('seth')));
  const told = async () => JSON.stringify(await server.call('GET', '/v1/journeys/messages/sandbox?limit=1000'));
  await eventually('both are told', async () => { const text = await told(); return text.includes('adams secret') && text.includes('seths secret'); });
  await server.call('POST', '/v1/erasures', { key: 'login', value: 'adam' });
  const left = await eventually('forgotten', async () => { const text = await told(); return !text.includes('adam') && text; });
  assert.match(left, /seths secret/);
  const file = fs.readFileSync(path.join(server.data, 'projects/default/journeys/outbox.jsonl'), 'utf8');
  assert.deepEqual([file.includes('adam'), file.includes('seths secret')], [false, true]);
});

test('who was erased and comes again is somebody new, of whom nothing is known', async () => {
  const who = { distinct_id: 'eve', identities: { $identity_login_id: 'eve' } };
  await send([{ type: 'profile_set', ...who, properties: { name: 'Eve', secret: 'gone for good' } }, { event: 'pay', ...who }]);
  await eventually('there', () => server.call('GET', '/v1/customers/login/eve'));
  await server.call('POST', '/v1/erasures', { key: 'login', value: 'eve' });
  await assert.rejects(server.call('GET', '/v1/customers/login/eve'), /unknown_customer/);
  await send([{ event: 'look', ...who }]);
  const again = await eventually('again', () => server.call('GET', '/v1/customers/login/eve'));
  assert.deepEqual([again.attributes, again.events.map(({ event, count }) => [event, count])], [[], [['look', 1]]]);
  assert.doesNotMatch(JSON.stringify(await server.call('GET', '/v1/customers/login/eve/timeline')), /pay|gone for good/);
});
