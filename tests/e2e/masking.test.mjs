// Values that are a person's never leave the server for who may not see them, by any route that answers
// about customers; and cannot be found by asking for them.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { waypost } from '../crash/ledger.mjs';
import { eventually, kPassword, kWriteKey, startWaypost } from './harness.mjs';

const kPeople = 12;
const phoneOf = (i) => `138${String(12340000 + i)}`;
const nameOf = (i) => `欧阳${'甲乙丙丁戊己庚辛壬癸子丑'[i]}`;
const kSecret = new RegExp([...Array(kPeople).keys()].flatMap((i) => [phoneOf(i), nameOf(i)]).join('|') + '|龙华路');
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'waypost-mask-'));

let server;
const keys = {};
before(async () => {
  server = await startWaypost();
  await server.call('PATCH', '/v1/plan', { properties: [{ name: 'city', type: 'string', class: 'C1' }, { name: 'name', type: 'string', class: 'C2' }] });
  const batch = Array.from({ length: kPeople }, (_, i) => [
    { type: 'profile_set', distinct_id: `u${i}`, identities: { $identity_login_id: `u${i}` }, properties: { name: nameOf(i), city: '上海', home: '龙华路 1 号' } },
    { event: 'pay', distinct_id: `u${i}`, identities: { $identity_login_id: `u${i}`, $identity_mobile: phoneOf(i) }, properties: { payee: nameOf(i), amount: 10 + i } },
  ]).flat();
  const sent = await fetch(`${server.base}/v1/events`, { method: 'POST', headers: { authorization: `Basic ${btoa(`${kWriteKey}:`)}` }, body: JSON.stringify(batch) });
  assert.equal((await sent.json()).accepted, batch.length);
  await eventually('all are there', async () => (await server.call('POST', '/v1/eql/estimate', { eql: 'DID(pay)' })).count === kPeople);
  await server.call('POST', '/v1/segments', { id: 'payers', name_en: 'Payers', eql: 'DID(pay)' });
  await server.call('POST', '/v1/segments/payers/run');
  await server.call('POST', '/v1/journeys', {
    id: 'hello', entry: { kind: 'event', on: 'pay' }, nodes: [{ id: 'start', type: 'entry' }, { id: 'say', type: 'send', channel: 'sms', text: '您好 {{payee}}' }, { id: 'wait', type: 'wait', for: '30d' }, { id: 'end', type: 'exit' }],
    edges: [{ from: 'start', to: 'say' }, { from: 'say', to: 'wait' }, { from: 'wait', to: 'end' }],
  });
  const objects = ['customers', 'events', 'questions', 'plan', 'segments', 'tags', 'journeys'];
  const rights = objects.flatMap((object) => [`${object}.view`, `${object}.change`, `${object}.export`]).concat('tags.approve');
  for (const [id, more] of [['masked', []], ['clear', ['customers.reveal']]]) {
    keys[id] = (await server.call('POST', '/v1/keys', { id, rights: [...rights, ...more], days: 1 })).key;
  }
});
after(async () => {
  await server.stop();
  fs.rmSync(folder, { recursive: true, force: true });
});

async function callAs(who, method, address, body) {
  const response = await fetch(server.base + address, { method, body: body && JSON.stringify(body), headers: { authorization: `Bearer ${keys[who]}` } });
  return { status: response.status, text: await response.text() };
}

const kRange = { range: { from: '2020-01-01', to: '2040-01-01' } };
const kTrends = { ask: 'trends', ...kRange, interval: 'all', measures: [{ name: 'm', of: 'pay', measure: 'uniques' }] };
// What shows customers, and shows them to who may see them.
const kShown = [
  ['GET', '/v1/customers/login/u1'],
  ['GET', '/v1/customers/login/u1/profile'],
  ['GET', '/v1/customers/login/u1/timeline'],
  ['GET', '/v1/customers?find=u1'], ['GET', '/v1/customers'],
  ['GET', '/v1/events/recent?limit=100'],
  ['GET', '/v1/identity/links'],
];
const kMay = [
  ['GET', '/v1/segments/payers/members'],
  ['POST', '/v1/query', { ...kTrends, customers_of: { measure: 'm' } }],
  ['GET', '/v1/journeys/hello/nodes/wait/customers'],
  ['GET', '/v1/journeys/messages/sandbox'],
  ['GET', '/v1/journeys/customers/login/u1'],
  ['GET', '/v1/customers/login/u1/segments'],
  ['GET', '/v1/quarantine'],
  ['GET', '/v1/identity/conflicts'],
];

test('what shows customers shows their values to who may see them and masks to others', async () => {
  for (const [method, address, body] of [...kShown, ...kMay]) {
    const masked = await callAs('masked', method, address, body), clear = await callAs('clear', method, address, body);
    assert.deepEqual([masked.status, clear.status], [200, 200], `${address} ${masked.text} ${clear.text}`);
    assert.doesNotMatch(masked.text, kSecret, address);
    if (kShown.some(([, other]) => other === address)) assert.match(clear.text, kSecret, address);
  }
  const { attributes } = JSON.parse((await callAs('masked', 'GET', '/v1/customers/login/u1')).text);
  const shown = Object.fromEntries(attributes.map(({ name, value, masked }) => [name, [value, masked]]));
  assert.deepEqual([shown.city, shown.name], [['上海', undefined], ['欧**', true]]);
});

test('no GET of the server, whatever it is of, gives a value away', async () => {
  const { paths } = await server.call('GET', '/v1/openapi.json');
  const at = { id: 'payers', key: 'login', value: 'u1', journey: 'hello', node: 'wait', other_key: 'login', other_value: 'u2' };
  let asked = 0;
  for (const [address, { get }] of Object.entries(paths)) {
    if (!get || !address.startsWith('/v1/')) continue;
    const answer = await callAs('masked', 'GET', `${address.replace(/{(\w+)(\.\.\.)?}/g, (_, name) => at[name] ?? 'u1')}?limit=1000`);
    assert.doesNotMatch(answer.text, kSecret, address);
    if (answer.status === 200) asked += 1;
  }
  assert.ok(asked >= 15, `${asked} answered`);
});

test('a tag that repeats a value is masked until it is certified, and so is what is told of its values', async () => {
  const lookUp = { key: 'login', values: ['u1'], tags: ['called'] };
  assert.equal((await callAs('masked', 'POST', '/v1/tags', { id: 'mine', make: { kind: 'value', of: 'name' } })).status, 422);
  await server.call('POST', '/v1/tags', { id: 'called', name_zh: '称呼', name_en: 'Called', owner: 'data', meaning_zh: '怎么称呼', meaning_en: 'What they are called', make: { kind: 'value', of: 'name' } });
  await server.call('POST', '/v1/tags/called/run');
  assert.match((await callAs('clear', 'POST', '/v1/tags/lookup', lookUp)).text, kSecret);
  assert.deepEqual(JSON.parse((await callAs('masked', 'POST', '/v1/tags/lookup', lookUp)).text).items[0].tags, { called: '****' });
  for (const [address, body] of [['distribution', {}], ['transitions', { from: '2040-01-01', to: '2040-01-01' }]]) {
    assert.match((await callAs('masked', 'POST', `/v1/tags/called/${address}`, body)).text, /values_masked/);
    assert.match((await callAs('clear', 'POST', `/v1/tags/called/${address}`, body)).text, kSecret);
  }
  for (const [method, address, isTold] of [['GET', '/v1/tags/called', false], ['POST', '/v1/tags/called/run', true]]) {
    assert.equal(kSecret.test((await callAs('clear', method, address)).text), isTold, 'what is kept of a run names nobody’s value');
    const { status, text } = await callAs('masked', method, address);
    assert.equal(status, 200, text);
    assert.doesNotMatch(text, kSecret);
  }
  await server.call('POST', '/v1/tags/called/steps/submit');
  await callAs('clear', 'POST', '/v1/tags/called/certify');
  assert.match((await callAs('masked', 'POST', '/v1/tags/lookup', lookUp)).text, kSecret);
  await server.call('DELETE', '/v1/tags/called');
});

test('that everybody has the same value is found without saying which', async () => {
  await server.call('POST', '/v1/tags', { id: 'lives', name_en: 'Lives', owner: 'data', make: { kind: 'value', of: 'home' } });
  await server.call('POST', '/v1/tags/lives/run');
  for (const address of ['/v1/tags/lives/health', '/v1/tags/report']) {
    const clear = await callAs('clear', 'GET', address), masked = await callAs('masked', 'GET', address);
    assert.match(clear.text, /one_value.*龙华路/, address);
    assert.match(masked.text, /one_value/, address);
    assert.doesNotMatch(masked.text, kSecret, address);
  }
  await server.call('DELETE', '/v1/tags/lives');
});

test('a tag made of what its reader may not see is kept in order by them, and made otherwise only of what they see', async () => {
  const make = { kind: 'rule', eql: `name = '${nameOf(1)}'` };
  const { version } = await server.call('POST', '/v1/tags', { id: 'sought', name_en: 'Sought', owner: 'data', make });
  const change = (body) => callAs('masked', 'PUT', '/v1/tags/sought', { version, ...body });
  assert.equal((await change({ make: { kind: 'rule', eql: `name = '${nameOf(2)}'` } })).status, 422);
  const kept = await change({ make, owner: 'branch' });
  assert.equal(kept.status, 200, kept.text);
  const { owner, make: still } = await server.call('GET', '/v1/tags/sought');
  assert.deepEqual([owner, still.eql], ['branch', `FIND customer WHERE ${make.eql}`]);
  await server.call('DELETE', '/v1/tags/sought');
});

test('who may see values but does not yet can select by them, and is not told them', async () => {
  await server.addUser('li', '李娜', ['lead']);
  const page = { origin: server.base, 'x-waypost': 'console' };
  const signIn = await fetch(`${server.base}/v1/session`, { method: 'POST', headers: page, body: JSON.stringify({ name: 'li', password: kPassword }) });
  page.cookie = signIn.headers.get('set-cookie').split(';')[0];
  const ask = async (address, body, method = 'POST') => (await fetch(server.base + address, { method, headers: page, body: body && JSON.stringify(body) })).text();
  const byPayee = { ...kTrends, by: 'payee' };
  const portrait = { ask: 'portrait', groups: [{ who: { eql: 'DID(pay)' } }], by: ['name'] };
  assert.equal(JSON.parse(await ask('/v1/eql/estimate', { eql: `name = ${nameOf(1)}` })).count, 1);
  for (const question of [byPayee, portrait]) assert.match(await ask('/v1/query', question), /values_masked/);
  assert.doesNotMatch(await ask('/v1/query', { ...portrait, by: undefined }), kSecret);
  await ask('/v1/session/clear', { reason: 'complaint 7' });
  for (const question of [byPayee, portrait]) assert.match(await ask('/v1/query', question), kSecret);
});

test('an export leaves out what is masked', async () => {
  for (const who of ['masked', 'clear']) {
    const file = path.join(folder, `${who}.csv`);
    const answer = await callAs(who, 'POST', '/v1/segments/payers/export', { path: file, format: 'csv' });
    assert.equal(answer.status, 200, answer.text);
    const text = fs.readFileSync(file, 'utf8');
    assert.match(text, /上海/);
    const download = await callAs(who, 'POST', '/v1/segments/payers/download', { format: 'csv' });
    assert.equal(download.text.replace('\uFEFF', ''), text);
    if (who === 'clear') assert.match(text, kSecret);
    else assert.doesNotMatch(text, kSecret);
  }
  const named = await callAs('masked', 'POST', '/v1/segments/payers/export', { path: path.join(folder, 'x.csv'), format: 'csv', attributes: ['name'] });
  assert.equal(named.status, 400, named.text);
});

test('who may not see a value cannot ask by it either: it is as if it were not there', async () => {
  for (const eql of [`name = ${nameOf(1)}`, "name STARTS WITH '欧'", 'home IS NOT NULL', `DID(pay, payee = ${nameOf(1)})`]) {
    const masked = await callAs('masked', 'POST', '/v1/eql/estimate', { eql }), clear = await callAs('clear', 'POST', '/v1/eql/estimate', { eql });
    assert.equal(clear.status, 200, clear.text);
    assert.equal(masked.status, 422, masked.text);
    assert.match(masked.text, /eql_unknown/);
  }
  for (const question of [{ ...kTrends, by: 'payee' }, { ...kTrends, who: { eql: `name = ${nameOf(1)}` } }]) {
    assert.equal((await callAs('clear', 'POST', '/v1/query', question)).status, 200);
    assert.equal((await callAs('masked', 'POST', '/v1/query', question)).status, 422);
  }
  assert.deepEqual(JSON.parse((await callAs('masked', 'GET', `/v1/customers?find=${encodeURIComponent('欧阳')}`)).text).items, []);
  assert.equal((await callAs('masked', 'POST', '/v1/eql/estimate', { eql: 'city = 上海' })).status, 200);
});

test('a journey cannot ask by what its maker may not see', async () => {
  const draft = { id: 'sieve', entry: { kind: 'event', on: 'pay', filter: `name = '${nameOf(1)}'` }, nodes: [{ id: 'a', type: 'entry' }, { id: 'b', type: 'judge', when: "city = '上海'" }], edges: [{ from: 'a', to: 'b' }] };
  const byEvent = { ...draft, entry: { kind: 'event', on: { event: 'pay', where: `payee = '${nameOf(1)}'` } } };
  const harmless = { ...draft, entry: { kind: 'event', on: 'pay', filter: "city = '上海'" } };
  for (const [who, definition, valid] of [['masked', draft, false], ['masked', byEvent, false], ['masked', harmless, true], ['clear', draft, true], ['clear', byEvent, true]]) {
    const checked = await callAs(who, 'POST', '/v1/journeys/check', definition);
    assert.equal(JSON.parse(checked.text).valid, valid, `${who}: ${checked.text}`);
  }
  for (const address of ['/v1/journeys', '/v1/journeys/rehearse?days=30']) {
    assert.equal((await callAs('masked', 'POST', address, draft)).status, 422, address);
  }
  assert.equal((await callAs('clear', 'POST', '/v1/journeys/rehearse?days=30', draft)).status, 200);
});

// Every file below that has these bytes.
const withBytes = (place, bytes) => fs.readdirSync(place, { recursive: true }).map((name) => path.join(place, name)).filter((file) => fs.statSync(file).isFile() && fs.readFileSync(file).includes(bytes));

test('a number of a hashed key comes in by every door, is found by every look-up, and lies nowhere', async (t) => {
  const place = fs.mkdtempSync(path.join(os.tmpdir(), 'waypost-hashed-'));
  t.after(() => fs.rmSync(place, { recursive: true, force: true }));
  const data = path.join(place, 'data'), inputs = path.join(place, 'inputs');
  fs.mkdirSync(inputs);
  const digits = '62220212345', card = (i) => `${digits}${10000 + i}`;
  let there = await startWaypost(data);
  t.after(() => there.stop());
  const rules = await there.call('GET', '/v1/identity/keys');
  const hashed = { ...rules, keys: rules.keys.map((rule) => ({ ...rule, hashed: rule.key === 'card' })) };
  assert.ok((await there.call('PUT', '/v1/identity/keys', hashed)).keys.find(({ key }) => key === 'card').hashed);
  const send = async (address, body, status = 200) => {
    const sent = await fetch(there.base + address, { method: 'POST', headers: { authorization: `Basic ${btoa(`${kWriteKey}:`)}` }, body: JSON.stringify(body) });
    assert.equal(sent.status, status, await sent.text());
  };
  await send('/v1/events', [{ event: 'pay', identities: { login: 'u0', card: card(0) }, _track_id: 7 }, { type: 'profile_set', identities: { card: card(1) }, properties: { city: '上海' } }, { event: '', identities: { card: card(2) } }]);
  await send('/sa?project=default', { type: 'track', event: 'pay', time: Date.now(), distinct_id: 'u3', identities: { $identity_login_id: 'u3', $identity_card: card(3) }, properties: {} });
  await there.call('PUT', '/v1/tables/holding', { key: ['id'], belongs_to: 'customer', columns: [{ name: 'id', type: 'string' }] });
  await there.call('POST', '/v1/tables/holding/rows', { rows: [{ identities: { card: card(0) }, values: { id: 'h1' } }] });
  const list = await there.call('POST', '/v1/lists', { id: 'cards', name_zh: '卡', name_en: 'Cards', key: 'card', values: [card(0), card(3), card(9)] });
  assert.equal(list.matched, 2, JSON.stringify(list));
  await there.call('POST', '/v1/tags', { id: 'score', owner: 'li', make: { kind: 'uploaded', type: 'number' } });
  assert.equal((await there.call('POST', '/v1/tags/score/values', { key: 'card', values: [[card(3), 5]] })).matched, 1);
  const found = (await there.call('GET', `/v1/customers?find=${card(3)}`)).items;
  assert.deepEqual(found.map(({ known_by }) => known_by.value), ['u3']);
  assert.match(found[0].matched.value, /^h:[0-9a-f]{32}$/);
  assert.equal((await there.call('GET', `/v1/customers/card/${found[0].matched.value}`)).known_by.value, 'u3');
  assert.match(JSON.stringify(await there.call('GET', `/v1/identity/why/login/u0/card/${card(0)}`)), /"chain":.*"h:[0-9a-f]{32}"/);
  await assert.rejects(there.call('PUT', '/v1/identity/keys', rules), /409.*hashed_too_late.*散列/);
  await there.call('POST', '/v1/backup', { directory: path.join(place, 'backup') });
  const log = there.log();
  await there.kill();

  fs.writeFileSync(path.join(inputs, 'pay.csv'), `card,at\n${card(0)},2026-03-01\n${card(4)},2026-03-01\n`);
  fs.writeFileSync(path.join(inputs, 'pay.toml'), 'kind = "events"\n[[identity]]\nkey = "card"\ncolumn = "card"\n[event]\nname = "paid"\n[time]\ncolumn = "at"\n');
  const imported = await waypost(['import', path.join(inputs, 'pay.csv'), '--mapping', path.join(inputs, 'pay.toml'), '--data', data]).ended;
  assert.equal(imported.code, 0, imported.text);
  there = await startWaypost(data);
  assert.equal((await there.call('GET', `/v1/customers/login/u0/tables/holding`)).rows.length, 1);
  assert.deepEqual((await there.call('GET', `/v1/customers/card/${card(0)}/timeline`)).events.map(({ event }) => event).sort(), ['paid', 'pay']);
  await there.kill();
  assert.deepEqual([...withBytes(data, digits), ...withBytes(path.join(place, 'backup'), digits)], []);
  assert.equal(withBytes(data, 'holding').length > 0, true); // the search does find what lies there
  assert.doesNotMatch(log + there.log() + imported.text, new RegExp(digits));

  // A backup beside another key is not the same card under another hash: it is refused.
  const copy = path.join(place, 'copy');
  assert.equal((await waypost(['restore', '--from', path.join(place, 'backup'), '--data', copy]).ended).code, 0);
  there = await startWaypost(copy);
  await send('/v1/events', [{ event: 'pay', identities: { card: card(0) } }], 503);
  await there.kill();
  fs.copyFileSync(path.join(data, 'secrets_key'), path.join(copy, 'secrets_key'));
  there = await startWaypost(copy);
  assert.equal((await there.call('GET', `/v1/customers/card/${card(0)}`)).known_by.value, 'u0');
});
