// Hostile and broken requests against the running server, over raw sockets: the stated status and code, the
// same process afterwards, memory that does not grow, and no other client hurt.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import dns from 'node:dns';
import fs from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import zlib from 'node:zlib';
import { channelAt, startProvider } from '../provider.mjs';
import { eventually, kBuild, kWriteKey, startWaypost } from './harness.mjs';

const kGrowthMiB = 64;
const event = (fields) => JSON.stringify([{ event: 'a', distinct_id: 'u', ...fields }]);
const bomb = zlib.gzipSync(Buffer.alloc(2 ** 30));
const form = (text) => ({ path: '/sa?project=default', type: 'application/x-www-form-urlencoded', body: text });
const base64 = (bytes) => Buffer.from(bytes).toString('base64');
const record = JSON.stringify({ type: 'track', event: 'pay', distinct_id: 'u1', time: Date.now(), properties: { amt: 1 } });

// A request of the own API with this body.
function request({ body = '', path = '/v1/events', type = 'application/json', key = kWriteKey, encoding, fields = [] }) {
  const bytes = Buffer.from(body);
  const lines = [`POST ${path} HTTP/1.1`, 'Host: h', `Content-Type: ${type}`, `Content-Length: ${bytes.length}`,
    ...(key ? [`Authorization: Basic ${base64(`${key}:`)}`] : []),
    ...(encoding ? [`Content-Encoding: ${encoding}`] : []), ...fields];
  return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`), bytes]);
}

const gzipped = zlib.gzipSync(record.repeat(100));
const badCrc = Buffer.from(zlib.gzipSync(`[${record}]`));
badCrc[badCrc.length - 8] ^= 1;

// id, how the request is made, the statuses it may get, the code ("" for any).
// Compressed text whose base64 has a plus in it, which not every one has.
function withPlus() {
  for (let blanks = ''; ; blanks += ' ') {
    const text = base64(zlib.gzipSync(`[${record}]${blanks}`));
    if (text.includes('+')) return text;
  }
}

const kCases = [
  ['H36', Buffer.from('POST /api/journeys/1 HTTP/1.1\r\nHost: h\r\nX-HTTP-Method-Override: DELETE\r\nContent-Length: 0\r\n\r\n'), [405, 501], 'method_not_allowed'],
  ['H06', Buffer.from('POST /v1/events HTTP/1.1\r\nHost: h\r\nContent-Length: 34\r\nContent-Length: 0\r\n\r\nGET /admin HTTP/1.1\r\nHost: h\r\n\r\n'), [400], 'bad_request_framing'],
  ['H19', Buffer.from(`POST /v1/events HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n1;${'a'.repeat(65_536)}\r\nx\r\n0\r\n\r\n`), [400], 'bad_request_framing'],
  ['H21', Buffer.from('POST /v1/events HTTP/1.1\nHost: h\nContent-Length: 0\n\n'), [400], 'bad_request_framing'],
  ['H28', Buffer.from('GET /\r\n\r\n'), [400], 'bad_request_framing'],
  ['H32', Buffer.from(`GET /${'a'.repeat(9_216)} HTTP/1.1\r\nHost: h\r\n\r\n`), [414, 431], ''],
  ['H34', Buffer.from(`POST /v1/events HTTP/1.1\r\nX: ${'a'.repeat(1_048_576)}`), [414, 431], 'header_too_large'],
  ['H38', Buffer.from('GET /%2e%2e%2f%2e%2e%2fetc/passwd HTTP/1.1\r\nHost: h\r\n\r\n'), [404, 400], 'not_found'],
  ['H40', request({ body: bomb, encoding: 'gzip' }), [413], 'too_large'],
  ['H41', Buffer.from('POST /v1/events HTTP/1.1\r\nHost: h\r\nContent-Length: 10737418240\r\n\r\n'), [413], 'too_large'],
  ['H43', request({ body: gzipped.subarray(0, gzipped.length / 2), encoding: 'gzip' }), [400], 'bad_encoding'],
  ['H44', request({ body: badCrc, encoding: 'gzip' }), [400], 'bad_encoding'],
  ['I01', request({ body: '' }), [400], 'bad_json'],
  ['I02', request({ body: '{' }), [400], 'bad_json'],
  ['I04', request({ body: '{}{}' }), [400], 'bad_json'],
  ['I06', request({ body: '{"a":1/*x*/}' }), [400], 'bad_json'],
  ['I07', request({ body: '[{"event":"a","distinct_id":"u","properties":{"x":NaN}}]' }), [400], 'bad_json'],
  ['I10', request({ body: '['.repeat(100_000) }), [400], 'bad_json'],
  ['I11', request({ body: '{"a":'.repeat(100_000) }), [400], 'bad_json'],
  ['I12', request({ body: '['.repeat(33) + ']'.repeat(33) }), [400], 'bad_json'],
  ['I15', request({ body: Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from('[{}]', 'utf16le')]) }), [400], 'bad_encoding'],
  ['I16', request({ body: Buffer.from('[{"event":"a\xff","distinct_id":"u"}]', 'latin1') }), [400], 'bad_encoding'],
  ['I19', request({ body: '<a/>', type: 'application/xml' }), [415], 'unsupported'],
  ['I20', request({ body: '[{"event":"a","distinct_id":"u","properties":{"x":1e999}}]' }), [200], 'quarantined'],
  ['I23', request({ body: event({ properties: { x: 'x'.repeat(9_216) } }) }), [200], 'quarantined'],
  ['I26', request({ body: event({ properties: { x: { y: { z: 1 } } } }) }), [200], 'quarantined'],
  ['I27', request({ body: event({ event: '' }) }), [200], 'quarantined'],
  ['I29', request({ body: event({ event: '$internal_merge' }) }), [200], 'quarantined'],
  ['I31', request({ body: event({ time: 0 }) }), [200], 'quarantined'],
  ['I33', request({ body: event({ time: 32_472_144_000_000 }) }), [200], 'quarantined'],
  ['I37', request({ body: event({ distinct_id: 'u'.repeat(1_024) }) }), [200], 'quarantined'],
  ['I48', request({ body: event({}), key: 'nobody' }), [401], 'unauthorized'],
  ['I50', request(form(`data_list=${withPlus().replaceAll('+', ' ')} `)), [400], 'bad_encoding'],
  ['I52', request(form(`gzip=1&data_list=${encodeURIComponent(base64(`[${record}]`))}`)), [400], 'bad_encoding'],
  ['I54', request(form(`gzip=1&data_list=${encodeURIComponent(base64(bomb))}`)), [413], 'too_large'],
  ['I57', request({ body: event({ properties: { n: '<script>alert(1)</script>' } }) }), [200], 'ok'],
  ['I59', request({ body: event({ properties: { n: 'x\r\nlevel=info msg=fake \u001b[31m' } }) }), [200], 'ok'],
];

// What comes back until the server closes or has answered.
function exchange(port, bytes) {
  return new Promise((resolve, reject) => {
    const socket = net.connect(port, '127.0.0.1', () => socket.write(bytes));
    let text = '';
    const done = () => {
      socket.destroy();
      resolve(text);
    };
    socket.setTimeout(20_000, () => reject(new Error('no answer in 20 seconds')));
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
      const head = text.indexOf('\r\n\r\n');
      const length = Number(/content-length: (\d+)/i.exec(text)?.[1] ?? 0);
      if (head >= 0 && text.length >= head + 4 + length) done();
    });
    socket.on('end', done);
    socket.on('error', () => (text ? done() : reject(new Error('closed without an answer'))));
  });
}

const residentMiB = (pid) => Number(/VmRSS:\s+(\d+)/.exec(fs.readFileSync(`/proc/${pid}/status`))[1]) / 1024;
const statusOf = (answer) => Number(answer.slice(9, 12));
const codeOf = (answer) => /"code":"(\w+)"/.exec(answer)?.[1];

test('bad requests get the stated answer and leave the server as it was', async (t) => {
  const server = await startWaypost();
  t.after(server.stop);
  await exchange(server.port, request({ body: event({}) }));
  const before = residentMiB(server.pid);
  for (const [id, bytes, statuses, code] of kCases) {
    const answer = await exchange(server.port, bytes);
    assert.ok(statuses.includes(statusOf(answer)), `${id}: ${answer.slice(0, 400)}`);
    if (code) assert.equal(codeOf(answer), code, `${id}: ${answer}`);
    assert.ok(answer.length - answer.indexOf('\r\n\r\n') - 4 <= 1024, `${id}: a short body`);
    assert.ok((await fetch(`${server.base}/healthz`)).ok, `${id}: others are served`);
  }
  assert.equal(process.kill(server.pid, 0), true);
  const growth = residentMiB(server.pid) - before;
  t.diagnostic(`${kCases.length} requests, memory grew by ${growth.toFixed(1)} MiB`);
  // Sanitizers keep what was freed for a while.
  if (!kBuild.endsWith('dev')) assert.ok(growth <= kGrowthMiB, `grew by ${growth} MiB`);
  for (const line of server.log().trim().split('\n')) JSON.parse(line);
});

test('slow clients are cut while others are served', async (t) => {
  const server = await startWaypost();
  t.after(server.stop);
  const slow = Array.from({ length: 200 }, (_, i) => {
    const socket = net.connect(server.port, '127.0.0.1');
    socket.on('error', () => {});
    socket.write(i % 2 ? 'POST /v1/events HTTP/1.1\r\nHost: h\r\nContent-Length: 1000000\r\n\r\n' : 'GET /healthz HTTP/1.1\r\n');
    return new Promise((resolve) => socket.on('close', () => resolve(Date.now())).resume());
  });
  const began = Date.now();
  let others = 0;
  const cut = Promise.all(slow);
  for (let open = true; open; others++) {
    assert.ok((await fetch(`${server.base}/healthz`)).ok);
    open = await Promise.race([cut.then(() => false), new Promise((resolve) => setTimeout(() => resolve(true), 50))]);
    assert.ok(Date.now() - began < 16_000, 'all are cut within 15 seconds');
  }
  assert.ok(others > 50);
});

const drawn = (nodes, edges = [], more = {}) => ({
  id: 'j', entry: { kind: 'event', on: 'pay' }, ...more,
  nodes: [{ id: 'start', type: 'entry' }, ...nodes], edges: [{ from: 'start', to: nodes[0]?.id ?? 'start' }, ...edges],
});
const waits = (length) => drawn([{ id: 'w', type: 'wait', for: length }]);
const shares = (...percents) => drawn([{ id: 'r', type: 'ratio', branches: percents.map((percent, i) => ({ outcome: `o${i}`, percent })) }]);
const monthly = (schedule) => drawn([], [], { entry: { kind: 'batch', schedule: { at: '00:00', ...schedule } } });
const many = Array.from({ length: 500 }, (_, i) => ({ id: `n${i}`, type: 'wait', for: '1h' }));

// id, the definition, the node that is named and what is wrong with it.
const kJourneys = [
  ['J01', drawn([{ id: '1', type: 'exec' }]), '1', 'unknown_type'],
  ['J02', drawn([{ id: '1', type: 'exit' }, { id: '1', type: 'exit' }]), '1', 'duplicate_node'],
  ['J04', { id: 'j', entry: { kind: 'api' }, nodes: [{ id: '1', type: 'exit' }], edges: [] }, '', 'one_entry'],
  ['J04', drawn([{ id: '1', type: 'entry' }]), '', 'one_entry'],
  ['J05', drawn([{ id: '2', type: 'split', branches: [{ outcome: 'a', when: 'vip = 1' }] }], [{ from: '2', when: 'else', to: '2' }]), '2', 'loop_without_limit'],
  ['J06', drawn(many, Array.from({ length: 10_000 }, (_, i) => ({ from: `n${i % 500}`, to: `n${(i + 1) % 500}` }))), '', 'bad_list'],
  ['J07', waits(-1), 'w', 'not_text'],
  ['J07', waits('-1h'), 'w', 'bad_duration'],
  ['J07', waits('1000000000000000000ms'), 'w', 'bad_duration'],
  ['J07', waits('P1Y1'), 'w', 'bad_duration'],
  ['J09', monthly({ every: 'month', day: 32 }), '', 'out_of_range'],
  ['J09', drawn([], [], { entry: { kind: 'batch', schedule: '0 0 31 2 *' } }), '', 'not_object'],
  ['J11', drawn([{ id: 'w', type: 'wait', window: [{ from: '09:00', to: '09:00' }] }]), 'w', 'never_opens'],
  ['J12', shares(60, 41), 'r', 'ratio_sum'],
  ['J12', shares(-10, 110), 'r', 'out_of_range'],
  ['J12', shares('50', '50'), 'r', 'out_of_range'],
  ['J14', drawn([{ id: 's', type: 'send', channel: 'sms', template: 'p2-t1' }]), 's', 'unknown_field'],
  ['J15', drawn([{ id: 's', type: 'judge', when: 'IN SEGMENT gone' }]), 's', 'bad_condition'],
];
// id, a rule for messages.
const kPolicies = [0, -1, 1_000_000_000, '3'].map((limit) => ['J13', { caps: [{ name: 'c', limit, fixed: 'day' }] }]);

test('a journey that cannot be is refused with its node, and nothing of it is kept', async (t) => {
  const server = await startWaypost();
  t.after(server.stop);
  const post = async (method, path, body) => {
    const answer = await fetch(server.base + path, { method, body: JSON.stringify(body), headers: { authorization: 'Bearer e2e-api-token' } });
    return { status: answer.status, ...(await answer.json()) };
  };
  for (const [id, definition, node, code] of kJourneys) {
    const { valid, faults } = await post('POST', '/v1/journeys/check', definition);
    assert.equal(valid, false, id);
    assert.ok(faults.some((f) => f.node === node && f.code === code && !f.warning), `${id}: ${JSON.stringify(faults.slice(0, 4))}`);
    const { status, error } = await post('POST', '/v1/journeys', definition);
    assert.deepEqual([status, error?.code], [422, 'journey_invalid'], id);
    assert.ok(error.message.includes(code) && error.message_zh, id);
  }
  for (const [id, policy] of kPolicies) {
    const { status, error } = await post('PUT', '/v1/journeys/messages/policy', policy);
    assert.deepEqual([status, error?.code], [422, 'policy_invalid'], `${id} ${JSON.stringify(policy)}`);
  }
  // Longer than anybody may stay: it can be run, and is pointed out.
  const { valid, faults } = await post('POST', '/v1/journeys/check', waits('401d'));
  assert.ok(valid && faults.some((f) => f.code === 'wait_exceeds_max_duration' && f.node === 'w'), 'J07');
  assert.deepEqual((await post('POST', '/v1/journeys', { x: 'a'.repeat(10 << 20) })).status, 413, 'J16');
  assert.deepEqual((await server.call('GET', '/v1/journeys')).journeys, []);
});

// How an approver may approve no more, between saying yes and publishing, and how he may again.
const kChecker = { name_zh: '复核', name_en: 'checker', rights: ['journeys.view', 'journeys.approve'] };
const kDemotions = [
  ['PUT', '/v1/users/li/roles', { roles: ['analyst'] }, { roles: ['checker'] }],
  ['PUT', '/v1/roles/checker', { ...kChecker, rights: ['journeys.view'] }, kChecker],
  ['PATCH', '/v1/users/li', { disabled: true }, { disabled: false }],
];

test('nothing is published but what was approved, by people who may approve it still', async (t) => {
  const server = await startWaypost();
  t.after(server.stop);
  const { call } = server;
  const post = async (path, body, headers = { authorization: 'Bearer e2e-api-token' }) => {
    const answer = await fetch(server.base + path, { method: 'POST', body: JSON.stringify(body), headers });
    return { status: answer.status, ...(await answer.json()) };
  };
  const one = '/v1/approvals/journey/j';
  const journey = { ...drawn([{ id: 'w', type: 'wait', for: '1h' }]), entry: { kind: 'api' } }, renamed = { ...journey, name: '新' };
  await call('PUT', '/v1/roles/checker', kChecker);
  const cookie = await server.addUser('li', '李', ['checker']);
  const { key } = await call('POST', '/v1/keys', { id: 'office', rights: kChecker.rights, days: 1 });
  const voters = [{ cookie, origin: server.base, 'x-waypost': 'console' }, { authorization: `Bearer ${key}` }];
  const vote = (hash) => Promise.all(voters.map((voter) => post(`${one}/votes`, { hash, yes: true }, voter)));
  const state = async () => [(await call('GET', '/v1/journeys')).journeys, await call('GET', '/v1/approvals')];
  const refused = async (id, why, body) => {
    const before = await state(), answer = await post('/v1/journeys', body);
    assert.deepEqual([answer.status, answer.error?.code], [409, 'approval'], `${id}: ${JSON.stringify(answer)}`);
    assert.match(answer.error.message, why, id);
    assert.match(answer.error.message_zh, /审批/, id);
    assert.deepEqual(await state(), before, `${id}: nothing is changed`);
    const [record] = (await call('GET', '/v1/audit?limit=1')).records;
    assert.deepEqual([record.who, record.status], ['token', 409], `${id}: ${JSON.stringify(record)}`);
  };

  await call('PUT', '/v1/approvals/flows/journey', { levels: [{ name: '合规', rule: 'all', people: ['li', 'key office'] }] });
  await refused('J27', /ask for one first/, journey);
  const { hash: stale } = await call('POST', one, journey);
  const { hash } = await call('POST', one, renamed);
  const before = await state();
  for (const answer of await vote(stale)) assert.deepEqual([answer.status, answer.error?.code], [409, 'approval'], 'J30');
  assert.deepEqual(await state(), before, 'J30: nothing is changed');
  for (const { status } of await vote(hash)) assert.equal(status, 200);
  await refused('J30', /changed after it was approved/, journey);
  for (const [method, path, taken, given] of kDemotions) {
    await call(method, path, taken);
    await refused(`J31 ${path} ${JSON.stringify(taken)}`, /^li, who approved it, may not/, renamed);
    await call(method, path, given);
  }
  assert.equal((await call('POST', '/v1/journeys', renamed)).version, 1);
  await call('DELETE', '/v1/keys/office');
  await refused('J31 the key is gone', /^Key office, who approved it/, renamed);
});

const at = (provider, name, more = {}) => channelAt(provider, name, { address: '', ...more });
const sends = (id, channel, more = {}) => ({
  id: id.toLowerCase(), category: 'service', entry: { kind: 'event', on: id }, reentry: { policy: 'always' }, ...more.journey,
  nodes: [{ id: 'start', type: 'entry' }, ...(more.wait ? [{ id: 'before', type: 'wait', for: more.wait }] : []),
    { id: 'hello', type: 'send', channel, text: 'hi', ...more.node }, { id: 'stay', type: 'wait', for: '30d' }],
  edges: [...(more.wait ? [['start', 'before'], ['before', 'hello']] : [['start', 'hello']]), ['hello', 'stay']].map(([from, to]) => ({ from, to })),
});

// One world: a provider for each row, a journey for each row, customers of its own. `play` does what the row says;
// `reached` is how many messages the provider has at last, `counts` what the journey says of its messages.
const kSending = [
  { id: 'J32', play: async ({ say }) => Promise.all(Array.from({ length: 64 }, () => say([['J32-ann', 'same']]))), reached: 1, counts: { accepted: 1 } },
  { id: 'J34', mood: () => 'drop after accept', play: ({ say }) => say([['J34-ann']]), reached: 1, counts: { unknown: 1 }, stays: true },
  { id: 'J35', mood: () => 'error after accept', play: ({ say }) => say([['J35-ann']]), reached: 1, counts: { unknown: 1 }, stays: true },
  { id: 'J37', mood: (key, attempt, to) => (to.endsWith('-7') ? 'refused in success' : 'ok'),
    play: ({ say }) => say(Array.from({ length: 30 }, (_, i) => [`J37-${i}`])), reached: 29, counts: { accepted: 29, rejected: 1 } },
  // What was decided before is held; the opt-out comes before the hand-off.
  { id: 'J41', held: true, journey: { category: 'marketing' }, play: async ({ server, say, journey }) => {
    await say([['J41-ann']]);
    await journey((shown) => shown.entered === 1);
    await server.call('PUT', '/v1/journeys/messages/consent', { customer: { key: 'login', value: 'J41-ann' }, channel: 'j41', purpose: '*', allowed: false });
  }, reached: 0, counts: { cancelled: 1 } },
  { id: 'J42', wait: '3s', play: async ({ server, say, journey }) => {
    await say([['J42-ann']]);
    await journey((shown) => shown.active === 1);
    await server.call('POST', '/v1/erasures', { key: 'login', value: 'J42-ann' });
    await journey((shown) => shown.exits.erased === 1);
    await new Promise((resolve) => setTimeout(resolve, 3500));
  }, reached: 0, counts: {} },
  { id: 'T17', node: { text: '{{n}}' }, play: ({ say }) => say([['T17-ann', 'a","admin":true,"x":"']]), reached: 1, counts: { accepted: 1 },
    bodies: ([body]) => assert.deepEqual([Object.keys(JSON.parse(body)), JSON.parse(body).text], [['to', 'text', 'ref'], 'a","admin":true,"x":"']) },
  { id: 'T20', channel: 'sms', node: { text: '【行】{{n}}拒收请回复R' }, play: ({ say }) => say([['T20-ann', 'x'.repeat(492)], ['T20-bob', '🙂'.repeat(491)]]), reached: 1, counts: { accepted: 1, render_error: 1 },
    bodies: ([body]) => assert.equal(JSON.parse(body).text, `【行】${'🙂'.repeat(491)}拒收请回复R`) },
  { id: 'T21', channel: 'push', node: { text: '{{n}}' }, play: ({ say }) => say([['T21-ann', '汉'.repeat(1365)], ['T21-bob', '字'.repeat(1366)]]), reached: 1, counts: { accepted: 1, render_error: 1 } },
];

test('whatever goes wrong on the way, nobody gets a message twice or one that is not for him', async (t) => {
  const server = await startWaypost(undefined, ['--egress-allow', '127.0.0.1']);
  t.after(server.stop);
  const say = (event) => async (people) => {
    const batch = people.map(([userId, n = userId]) => ({ type: 'track', userId, messageId: `${event}-${n.slice(0, 40)}`, event, properties: { n } }));
    const answer = await fetch(`${server.base}/v1/batch`, { method: 'POST', body: JSON.stringify({ writeKey: kWriteKey, batch }), headers: { 'content-type': 'application/json' } });
    assert.ok(answer.ok, event);
  };
  for (const row of kSending) await say(row.id)([[`${row.id}-nobody`]]); // the plan knows what a rule may name
  for (const row of kSending) {
    const channel = row.channel ?? row.id.toLowerCase();
    const provider = await startProvider({ mood: row.mood });
    t.after(provider.stop);
    await server.call('PUT', `/v1/channels/${channel}`, at(provider, channel));
    await server.call('POST', '/v1/journeys', sends(row.id, channel, row));
    const journey = (good) => eventually(row.id, async () => { const shown = await server.call('GET', `/v1/journeys/${row.id.toLowerCase()}`); return good(shown) && shown; });
    const messages = (shown) => shown.nodes.find((node) => node.id === 'hello').messages ?? {};
    if (row.held) await server.call('PUT', '/v1/journeys/messages/hold', { held: true });
    await row.play({ server, say: say(row.id), journey });
    if (row.held) await server.call('PUT', '/v1/journeys/messages/hold', { held: false });
    await journey((shown) => Object.entries(row.counts).every(([name, count]) => messages(shown)[name] === count));
    if (row.stays) await new Promise((resolve) => setTimeout(resolve, 1500)); // it is not tried again
    assert.deepEqual([[...provider.reached.values()].filter((times) => times > 1), provider.reached.size], [[], row.reached], row.id);
    row.bodies?.(provider.bodies.map(({ body }) => body));
  }
  const { unknown } = await server.call('GET', '/v1/journeys');
  assert.equal(unknown.length, kSending.filter((row) => row.counts.unknown).length);
});

// J40: each customer gets as many as the cap lets through, however many journeys ask at once.
test('64 journeys at once send each customer three messages and no more', async (t) => {
  const server = await startWaypost();
  t.after(server.stop);
  const kUsers = kBuild.endsWith('dev') ? 20 : 1000;
  await server.call('PUT', '/v1/journeys/messages/policy', { caps: [{ name: 'three', limit: 3, fixed: 'day' }] });
  for (let i = 0; i < 64; ++i) await server.call('POST', '/v1/journeys', { ...sends(`j${i}`, 'sms', { node: { text: '【行】x拒收请回复R' } }), category: 'marketing', entry: { kind: 'event', on: 'Pay' } });
  const batch = Array.from({ length: kUsers }, (_, i) => ({ type: 'track', userId: `u${i}`, messageId: `m${i}`, event: 'Pay' }));
  await fetch(`${server.base}/v1/batch`, { method: 'POST', body: JSON.stringify({ writeKey: kWriteKey, batch }), headers: { 'content-type': 'application/json' } });
  const sums = async () => {
    const { journeys } = await server.call('GET', '/v1/journeys');
    return journeys.reduce((sum, one) => sum + one.entered, 0) === 64 * kUsers;
  };
  await eventually('all are decided', sums);
  const shown = await Promise.all(Array.from({ length: 64 }, (_, i) => server.call('GET', `/v1/journeys/j${i}`)));
  const count = (name) => shown.reduce((sum, one) => sum + (one.nodes.find((node) => node.id === 'hello').messages[name] ?? 0), 0);
  assert.deepEqual([count('planned'), count('capped')], [3 * kUsers, 61 * kUsers], 'J40');
  const { trace } = await server.call('GET', '/v1/journeys/customers/login/u7');
  const denied = trace.filter((line) => line.what === 'denied'); // of the last 200 things that happened
  assert.ok(denied.length > 30 && denied.every((line) => line.reason === 'capped' && /three: 3 of 3/.test(line.detail)), JSON.stringify(denied[0]));
});

// J24: the provider answers with a way to somewhere else. J25: a name that nothing is known of when it is kept
// leads to an address that may not be called.
test('a call goes where it was said to go and nowhere else', async (t) => {
  let touched = 0;
  const canary = http.createServer((_, response) => { ++touched; response.end('{"code":0}'); });
  const turns = http.createServer((_, response) => response.writeHead(302, { location: `http://127.0.0.2:${canary.address().port}/` }).end());
  for (const one of [canary, turns]) {
    await new Promise((resolve) => one.listen(0, one === canary ? '0.0.0.0' : '127.0.0.1', resolve));
    t.after(() => one.close());
  }
  const outcome = async (flags, url) => {
    const server = await startWaypost(undefined, flags);
    t.after(server.stop);
    await server.call('PUT', '/v1/channels/c', at({ base: url }, 'c'));
    return (await server.call('POST', '/v1/channels/c/test', { address: 'x', text: 'y' })).outcome;
  };
  assert.equal(await outcome(['--egress-allow', '127.0.0.1'], `http://127.0.0.1:${turns.address().port}`), 'unknown', 'J24');
  const { address } = await dns.promises.lookup(os.hostname()).catch(() => ({}));
  if (/^(10|127|172\.(1[6-9]|2\d|3[01])|192\.168)\./.test(address ?? '')) assert.equal(await outcome([], `http://${os.hostname()}:${canary.address().port}`), 'busy', 'J25');
  else t.diagnostic(`J25: ${os.hostname()} is ${address}, which may be called`);
  assert.equal(touched, 0);
});

// J51: what the copy does not know of has been sent since.
test('a copy that is restored sends nothing until it is told to, and then nothing again', async (t) => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'waypost-restored-'));
  t.after(() => fs.rmSync(folder, { recursive: true, force: true }));
  const provider = await startProvider({ keys: true });
  t.after(provider.stop);
  const flags = ['--egress-allow', '127.0.0.1'];
  const first = await startWaypost(path.join(folder, 'first'), flags);
  await first.call('PUT', '/v1/channels/c', at(provider, 'c', { repeatable: true }));
  await first.call('POST', '/v1/journeys', sends('j', 'c', { wait: '8s' }));
  const batch = Array.from({ length: 5 }, (_, i) => ({ type: 'track', userId: `u${i}`, messageId: `m${i}`, event: 'j' }));
  await fetch(`${first.base}/v1/batch`, { method: 'POST', body: JSON.stringify({ writeKey: kWriteKey, batch }), headers: { 'content-type': 'application/json' } });
  await eventually('all wait', async () => (await first.call('GET', '/v1/journeys/j')).active === 5);
  await first.call('POST', '/v1/backup', { directory: path.join(folder, 'backup') });
  await eventually('all are sent', async () => provider.reached.size === 5);
  await first.stop();
  const restored = spawnSync(path.join(kBuild, 'src/server/waypost'), ['restore', '--from', path.join(folder, 'backup'), '--data', path.join(folder, 'second')]);
  assert.equal(restored.status, 0, String(restored.stderr));
  const second = await startWaypost(path.join(folder, 'second'), flags);
  t.after(second.stop);
  const calls = provider.bodies.length;
  await eventually('all are decided again', async () => (await second.call('GET', '/v1/journeys/j')).nodes.find((node) => node.id === 'hello').messages?.planned === 5);
  assert.equal((await second.call('GET', '/v1/journeys')).held, true);
  assert.equal(provider.bodies.length, calls);
  await second.call('PUT', '/v1/journeys/messages/hold', { held: false });
  await eventually('all are known', async () => (await second.call('GET', '/v1/journeys/j')).nodes.find((node) => node.id === 'hello').messages.accepted === 5);
  assert.deepEqual([...provider.reached.values()], [1, 1, 1, 1, 1], 'J51');
});
