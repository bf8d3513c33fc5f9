// A client library's event, a journey, a message in the sandbox channel, and a funnel on what the
// message came to; then the same with kills in the middle of sending.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { Analytics } from '@segment/analytics-node';
import { eventually, kWriteKey, startWaypost } from './harness.mjs';

const kKills = Number(process.env.JOURNEY_KILLS ?? 5);

const welcome = {
  id: 'welcome', name: '新客欢迎',
  entry: { kind: 'event', on: 'Signed Up' },
  reentry: { policy: 'always' },
  goal: { event: 'Order Completed' },
  nodes: [
    { id: 'start', type: 'entry' },
    { id: 'hello', type: 'send', channel: 'sms', text: '您好 {{name}}' },
    { id: 'pause', type: 'wait', for: '1h' },
    { id: 'end', type: 'exit' },
  ],
  edges: [{ from: 'start', to: 'hello' }, { from: 'hello', to: 'pause' }, { from: 'pause', to: 'end' }],
};

function analyticsOf(server) {
  return new Analytics({ writeKey: kWriteKey, host: server.base, maxEventsInBatch: 1, flushInterval: 50 });
}
const outbox = async (server) => (await server.call('GET', '/v1/journeys/messages/sandbox?limit=1000')).items;

test('an event of a client library becomes a message, and a funnel counts it', async (t) => {
  const server = await startWaypost();
  t.after(server.stop);
  const refused = await server.call('POST', '/v1/journeys/check', { ...welcome, nodes: [...welcome.nodes, { id: 'lost', type: 'exec' }] });
  assert.equal(refused.valid, false);
  assert.deepEqual(refused.faults.filter((f) => !f.warning).map((f) => [f.node, f.code]), [['lost', 'unknown_type'], ['lost', 'unreachable']]);
  assert.equal((await server.call('POST', '/v1/journeys', welcome)).version, 1);

  const analytics = analyticsOf(server);
  analytics.track({ userId: 'ann', event: 'Signed Up', properties: { name: '安' } });
  const [message] = await eventually('a message', async () => { const items = await outbox(server); return items.length === 1 && items; });
  assert.equal(message.text, '您好 安');
  assert.equal(message.address, 'login:ann');
  await server.call('POST', '/v1/journeys/messages/receipts', { key: message.key, outcome: 'opened' });
  analytics.track({ userId: 'ann', event: 'Order Completed' });
  await analytics.closeAndFlush();

  const day = 86_400_000;
  const funnel = {
    ask: 'funnel', range: { from: new Date(Date.now() - day).toISOString(), to: new Date(Date.now() + day).toISOString() }, window: '1d',
    steps: [{ event: 'Signed Up' }, { event: '$touch_sent' }, { event: '$touch_opened' }],
  };
  const shown = await eventually('the goal', async () => { const j = await server.call('GET', '/v1/journeys/welcome'); return j.exits.goal === 1 && j; });
  assert.equal(shown.entered, 1);
  assert.equal(shown.active, 0);
  assert.equal(shown.nodes.find((n) => n.id === 'hello').messages.opened, 1);
  // What became of a message is told to the log after it was decided.
  await eventually('the funnel', async () => {
    const { everyone } = await server.call('POST', '/v1/query', funnel);
    return everyone.steps.every(({ count }) => count === 1);
  });

  const { trace } = await server.call('GET', '/v1/journeys/customers/login/ann');
  assert.deepEqual(trace.map((line) => line.what), ['entered', 'passed', 'planned', 'passed', 'message', 'message', 'message', 'converted', 'left']);
  const { entered, inside, exits, messages } = await server.call('POST', '/v1/journeys/rehearse?days=1', welcome);
  assert.deepEqual([entered, inside, exits, Object.values(messages.sms)], [1, 0, { goal: 1 }, [1]]);
  await server.call('PUT', '/v1/journeys/messages/consent', { customer: { key: 'login', value: 'ann' }, channel: 'sms', purpose: '*', allowed: false });
  await server.call('POST', '/v1/journeys/welcome/entries', { customer: { key: 'login', value: 'ann' }, context: { name: '安' } });
  const why = (await server.call('GET', '/v1/journeys/customers/login/ann')).trace.find((line) => line.what === 'denied');
  assert.equal(why.reason, 'not_permitted');
  assert.equal((await outbox(server)).length, 1);

  // Let out to nobody, then to everybody again; each step is a version.
  const letIn = () => server.call('POST', '/v1/journeys/welcome/entries', { customer: { key: 'login', value: 'ann' }, context: { name: '安' } });
  await server.call('POST', '/v1/journeys/welcome/release', { percent: 0 });
  assert.equal((await letIn()).reason, 'rollout_excluded');
  assert.equal((await server.call('POST', '/v1/journeys/welcome/release', { percent: 100 })).version, 3);
  assert.equal((await server.call('GET', '/v1/journeys/welcome')).definition.release, undefined);
  assert.equal((await letIn()).entered, true);

  // An experiment counts who was given which way.
  const nodes = [{ id: 'start', type: 'entry' }, { id: 'try', type: 'experiment', lasts: '1d', branches: [{ outcome: 'a', percent: 60 }, { outcome: 'b', percent: 40 }] }, { id: 'stay', type: 'wait', for: '1h' }];
  await server.call('POST', '/v1/journeys', { id: 'trial', entry: { kind: 'api' }, goal: { event: 'Order Completed' }, nodes, edges: [{ from: 'start', to: 'try' }, { from: 'try', when: 'a', to: 'stay' }, { from: 'try', when: 'b', to: 'stay' }] });
  await server.call('POST', '/v1/journeys/trial/entries', { customer: { key: 'login', value: 'ann' } });
  const { experiment } = (await server.call('GET', '/v1/journeys/trial')).nodes.find((n) => n.id === 'try');
  assert.deepEqual(experiment.arms.map((arm) => arm.entered).sort(), [0, 1]);
  assert.equal(Date.parse(experiment.ends) - Date.parse(experiment.begun), 86_400_000);
  assert.equal(experiment.result, undefined);
});

test('conditions of a journey are EQL, asked of one customer at that moment', async (t) => {
  const server = await startWaypost();
  t.after(server.stop);
  const analytics = analyticsOf(server);
  const say = (userId, event, properties = {}) => analytics.track({ userId, event, properties });
  // What the plan must know of before a rule can name it.
  say('nobody', 'Signed Up', { name: '无', amount: 1.5 });
  analytics.identify({ userId: 'gold', traits: { vip: 2, city: '上海' } });
  analytics.identify({ userId: 'plain', traits: { vip: 0, city: '北京' } });
  for (let i = 0; i < 3; ++i) say('plain', 'Paid', { amount: 40 });
  await eventually('the plan', async () => (await server.call('POST', '/v1/eql/estimate', { eql: 'vip >= 0 OR DID(Paid, amount > 1) COUNT >= 3' })).count === 2);
  await server.call('POST', '/v1/segments', { id: 'north', name_zh: '北方', eql: 'city = 北京' });
  await server.call('POST', '/v1/segments/north/run');

  await server.call('PUT', '/v1/tables/deposit', { key: ['deposit'], belongs_to: 'customer', columns: [{ name: 'deposit', type: 'string' }, { name: 'amount', type: 'decimal' }, { name: 'matures', type: 'date' }] });
  const deposit = (login, id, amount, days) => ({ identities: { login }, values: { deposit: id, amount, matures: new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10) } });
  await server.call('POST', '/v1/tables/deposit/rows', { rows: [deposit('gold', 'd1', '1', 100), deposit('gold', 'd2', '8888.5', 3), deposit('plain', 'd3', '5', 3)] });

  const wrong = await server.call('POST', '/v1/journeys/check', {
    ...welcome,
    entry: { kind: 'event', on: { event: 'Signed Up', where: 'amuont >= 100' }, filter: 'TOP 5 BY vip' },
  });
  assert.deepEqual(wrong.faults.filter((f) => !f.warning).map((f) => f.message), [
    "line 1, column 1: there is no event property 'amuont'; did you mean 'amount'?",
    'TOP and BOTTOM compare customers: make them a segment and write IN SEGMENT',
  ]);

  const branch = (name, when) => ({ outcome: name, when });
  const text = (id) => ({ id, type: 'send', channel: 'sms', text: `${id} {{name}} {{city}}` });
  const published = await server.call('POST', '/v1/journeys', {
    id: 'asks', name: '条件',
    entry: { kind: 'event', on: { event: 'Signed Up', where: 'amount >= 100' }, filter: 'entry.amount < 1000 AND city IS NOT NULL' },
    nodes: [
      { id: 'start', type: 'entry' },
      { id: 'which', type: 'split', branches: [branch('gold', 'vip >= 1 AND SUM(deposit[matures NEXT 7 DAYS].amount) > 8000'), branch('busy', 'DID(Paid, amount >= 40) LAST 1 HOUR COUNT = 3 AND IN SEGMENT 北方')] },
      { ...text('gold'), text: 'gold {{name}} {{city}} {{deposit.amount|where:"matures NEXT 7 DAYS"|money}}' }, text('busy'), text('other'),
      { id: 'end', type: 'exit' },
    ],
    edges: [
      { from: 'start', to: 'which' },
      { from: 'which', when: 'gold', to: 'gold' }, { from: 'which', when: 'busy', to: 'busy' }, { from: 'which', when: 'else', to: 'other' },
      { from: 'gold', to: 'end' }, { from: 'busy', to: 'end' }, { from: 'other', to: 'end' },
    ],
  });
  assert.equal(published.version, 1, JSON.stringify(published));
  say('gold', 'Signed Up', { name: '安', amount: 99.5 });   // not large enough
  say('gold', 'Signed Up', { name: '安', amount: 250 });
  say('plain', 'Signed Up', { name: '本', amount: 100 });
  for (const userId of ['cid', 'eve']) analytics.identify({ userId, traits: { city: '广州' } });
  await eventually('the cities', async () => (await server.call('POST', '/v1/eql/estimate', { eql: 'city = 广州' })).count === 2);
  say('cid', 'Signed Up', { name: '词', amount: 100 });     // neither gold nor busy
  say('dan', 'Signed Up', { name: '丹', amount: 100 });     // no city
  say('eve', 'Signed Up', { name: '伊', amount: 5000 });    // too large
  await analytics.closeAndFlush();
  const messages = await eventually('three messages', async () => { const items = await outbox(server); return items.length >= 3 && items; });
  assert.deepEqual(messages.map((m) => m.text).sort(), ['busy 本 北京', 'gold 安 上海 8,888.50', 'other 词 广州']);
  const shown = await eventually('who was left out', async () => { const j = await server.call('GET', '/v1/journeys/asks'); return j.rejects.filter === 2 && j; });
  assert.equal(shown.entered, 3);
});

test('a version takes along who is inside, says what it changed, and counts its own', async (t) => {
  const server = await startWaypost();
  t.after(server.stop);
  const drawn = (wait, text, more = {}) => ({
    id: 'v', entry: { kind: 'event', on: 'Signed Up' }, ...more,
    nodes: [{ id: 'start', type: 'entry' }, { id: 'pause', type: 'wait', for: wait }, { id: 'hello', type: 'send', channel: 'sms', text }, { id: 'end', type: 'exit' }],
    edges: [{ from: 'start', to: 'pause' }, { from: 'pause', to: 'hello' }, { from: 'hello', to: 'end' }],
  });
  await server.call('POST', '/v1/journeys', drawn('30d', 'old'));
  const analytics = analyticsOf(server);
  for (const userId of ['ann', 'bob']) analytics.track({ userId, event: 'Signed Up' });
  await analytics.closeAndFlush();
  await eventually('both inside', async () => (await server.call('GET', '/v1/journeys/v')).active === 2);

  const short = drawn('1ms', 'new', { in_flight: { policy: 'migrate' } });
  const check = await server.call('POST', '/v1/journeys/check', short);
  assert.deepEqual(check.inside, { 1: 2 });
  assert.deepEqual(check.changes, [
    { node: 'pause', field: 'for', before: '30d', after: '1ms' }, { node: 'hello', field: 'text', before: 'old', after: 'new' },
  ]);
  // A node that is gone has people at it: nobody is moved by guessing.
  const without = { ...short, nodes: short.nodes.filter(({ id }) => id !== 'pause'), edges: [{ from: 'start', to: 'hello' }, { from: 'hello', to: 'end' }] };
  const refused = await server.call('POST', '/v1/journeys/check', without);
  assert.equal(refused.valid, false);
  assert.deepEqual(refused.faults.filter((fault) => !fault.warning).map(({ node, code }) => [node, code]), [['pause', 'node_needs_target']]);
  await assert.rejects(() => server.call('POST', '/v1/journeys', without), /node_needs_target/);

  assert.equal((await server.call('POST', '/v1/journeys', short)).version, 2);
  await eventually('both are sent to', async () => (await outbox(server)).length === 2);
  assert.deepEqual((await outbox(server)).map(({ text, node }) => [text, node]), [['new', 'hello'], ['new', 'hello']]);
  const { versions } = await server.call('GET', '/v1/journeys/v/versions');
  assert.deepEqual(versions.map((v) => [v.version, v.in_flight, v.entered, v.moved_in, v.active, v.moved_out, v.messages]), [[2, 'migrate', 0, 2, 0, 0, 2], [1, 'pin', 2, 0, 0, 2, 0]]);
  const shown = await server.call('GET', '/v1/journeys/v');
  assert.equal(shown.definition.in_flight, undefined, 'what is published again moves nobody');
  assert.deepEqual(shown.nodes.find(({ id }) => id === 'pause').out, { next: 2 });

  // Everybody in the first version's nodes and counts, and the way back is a version of its own.
  const first = await server.call('GET', '/v1/journeys/v/versions/1');
  assert.equal(first.nodes.find(({ id }) => id === 'pause').in, 2);
  assert.equal((await server.call('POST', '/v1/journeys', first.definition)).version, 3);
  const back = await server.call('GET', '/v1/journeys/v/versions/3?since=1');
  assert.deepEqual([back.since, back.changes], [1, []]);
  assert.equal((await server.call('GET', '/v1/journeys/v/versions/3')).changes.length, 2);
  for (const path of ['/v1/journeys/v/versions/9', '/v1/journeys/none/versions']) await assert.rejects(() => server.call('GET', path), /not_found/);
  await assert.rejects(() => server.call('GET', '/v1/journeys/v/versions/x'), /bad_request/);
});

test('a journey is published only as others approved it', async (t) => {
  const server = await startWaypost();
  t.after(server.stop);
  const bearers = {};
  const may = ['journeys.view', 'journeys.change', 'journeys.approve'];
  for (const [id, rights] of [['ann', may], ['bob', may], ['eve', may], ['dan', ['journeys.view', 'journeys.change']]]) {
    bearers[id] = (await server.call('POST', '/v1/keys', { id, rights, days: 1 })).key;
  }
  const as = async (who, method, path, body) => {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const answer = await fetch(server.base + path, { method, body: text, headers: { authorization: `Bearer ${bearers[who]}` } });
    const { error, ...rest } = await answer.json();
    return error ? `${answer.status} ${error.code}` : rest;
  };
  const publish = (body) => as('ann', 'POST', '/v1/journeys', body);
  const one = '/v1/approvals/journey/welcome';
  const vote = (who, hash, yes = true) => as(who, 'POST', `${one}/votes`, { hash, yes, comment: '看过了' });

  assert.equal(await as('ann', 'POST', one, welcome), '404 not_found'); // nothing needs approval yet
  const flow = { levels: [{ name: '合规', rule: 'any', people: ['key ann', 'key bob'] }, { name: '主管', rule: 'all', people: ['key ann', 'key bob', 'key eve'] }] };
  assert.equal(await as('ann', 'PUT', '/v1/approvals/flows/journey', flow), '403 forbidden');
  await assert.rejects(server.call('PUT', '/v1/approvals/flows/journey', { levels: [] }), /422.*flow_invalid/);
  await assert.rejects(server.call('PUT', '/v1/approvals/flows/segment', flow), /404/);
  await server.call('PUT', '/v1/approvals/flows/journey', flow);
  assert.equal(await publish(welcome), '409 approval');
  assert.equal(await as('ann', 'POST', '/v1/approvals/journey/other', welcome), '400 bad_request');
  // What could not be published were it approved is not asked for.
  for (const faulty of [{ id: 'welcome' }, { ...welcome, edges: [] }, { ...welcome, nodes: [...welcome.nodes, { id: 'more', type: 'judge', when: 'no_such > 1' }] }]) {
    const { valid, faults } = await server.call('POST', '/v1/journeys/check', faulty);
    assert.equal(valid, false);
    const answer = await fetch(server.base + one, { method: 'POST', body: JSON.stringify(faulty), headers: { authorization: 'Bearer e2e-api-token' } });
    const { error } = await answer.json();
    assert.equal(answer.status, 422, JSON.stringify(error));
    assert.ok(faults.some(({ warning, message }) => !warning && error.message.includes(message)), error.message);
  }
  assert.deepEqual((await server.call('GET', '/v1/approvals')).requests, []);
  const { hash, state } = await as('ann', 'POST', one, welcome);
  assert.equal(state, 'open');
  assert.equal(await publish(welcome), '409 approval');
  assert.equal(await vote('ann', hash), '409 approval'); // her own
  assert.equal(await vote('eve', hash), '409 approval'); // not yet asked
  assert.equal(await vote('dan', hash), '403 forbidden');
  assert.equal(await vote('bob', 'another'), '409 approval');
  assert.equal((await vote('bob', hash)).level, 1);
  assert.equal((await vote('bob', hash)).state, 'open');
  assert.equal(await vote('bob', hash), '409 approval'); // twice
  assert.equal((await vote('eve', hash)).state, 'approved');
  const shown = await as('bob', 'GET', one);
  assert.deepEqual(shown.content, welcome);
  assert.deepEqual(shown.ballots.map((b) => [b.person, b.level, b.yes]), [['key bob', 0, true], ['key bob', 1, true], ['key eve', 1, true]]);

  const nodes = welcome.nodes.map((node) => (node.text ? { ...node, text: `${node.text}!` } : node));
  assert.equal(await publish({ ...welcome, nodes }), '409 approval');
  assert.equal((await publish(JSON.stringify(welcome, null, 2))).version, 1);
  // A no ends it, and what is asked anew is not approved; pausing never waits for anybody.
  const changed = await as('ann', 'POST', one, { ...welcome, nodes });
  assert.equal((await vote('bob', changed.hash, false)).state, 'rejected');
  assert.equal(await publish({ ...welcome, nodes }), '409 approval');
  assert.equal(await publish(welcome), '409 approval');
  assert.equal((await as('ann', 'POST', '/v1/journeys/welcome/phase', { phase: 'paused' })).phase, 'paused');
  assert.equal((await as('ann', 'POST', one, welcome)).state, 'open');
  assert.equal(await as('bob', 'POST', `${one}/withdraw`), '409 approval');
  assert.equal((await as('ann', 'POST', `${one}/withdraw`)).state, 'withdrawn');
  const { flows, requests } = await as('eve', 'GET', '/v1/approvals');
  assert.deepEqual([flows.journey, requests.map((r) => [r.subject, r.state])], [flow, [['journey/welcome', 'withdrawn']]]);

  // So are the rules for all messages.
  const rules = { caps: [{ name: 'daily', limit: 1, rolling: '24h' }] };
  await server.call('PUT', '/v1/approvals/flows/policy', { levels: [{ name: '合规', rule: 1, people: ['key bob'] }] });
  const setRules = () => as('ann', 'PUT', '/v1/journeys/messages/policy', rules);
  assert.equal(await setRules(), '409 approval');
  assert.equal(await as('ann', 'POST', '/v1/approvals/policy/messages', { caps: [{ name: 'daily' }] }), '422 policy_invalid');
  const asked = await as('ann', 'POST', '/v1/approvals/policy/messages', rules);
  await as('bob', 'POST', '/v1/approvals/policy/messages/votes', { hash: asked.hash, yes: true });
  assert.equal((await setRules()).status, 'done');
  await server.call('DELETE', '/v1/approvals/flows/journey');
  assert.equal((await publish({ ...welcome, nodes })).version, 2);
});

test(`no message is sent twice or lost over ${kKills} kills in the middle of sending`, async (t) => {
  const data = fs.mkdtempSync(path.join(os.tmpdir(), 'waypost-journeys-'));
  let server = await startWaypost(data);
  t.after(() => fs.rmSync(data, { recursive: true, force: true }));
  await server.call('POST', '/v1/journeys', welcome);
  let sent = 0;
  const seen = new Set();
  for (let round = 0; round < kKills; ++round) {
    const waits = [];
    for (let i = 0; i < 20; ++i, ++sent) {
      const body = { writeKey: kWriteKey, batch: [{ type: 'track', userId: `u${sent}`, messageId: `m${sent}`, event: 'Signed Up', properties: { name: `n${sent}` } }] };
      // Again until it is answered, as client libraries do.
      waits.push(eventually('taken', async () => (await fetch(`${server.base}/v1/batch`, { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } })).ok));
    }
    await Promise.all(waits);
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 120));
    await server.kill();
    server = await startWaypost(data);
  }
  const items = await eventually('all messages', async () => { const all = await outbox(server); return all.length >= Math.min(sent, 1000) && all; });
  for (const item of items) {
    assert.ok(!seen.has(item.address), `twice: ${item.address}`);
    seen.add(item.address);
  }
  assert.equal(seen.size, sent);
  const { unknown, journeys: [welcomed] } = await eventually('all known', async () => { const all = await server.call('GET', '/v1/journeys'); return all.unknown.length === 0 && all; });
  assert.deepEqual(unknown, []);
  assert.equal(welcomed.entered, sent);
  // What a kill kept from being told was told by the next server.
  await eventually('all are told', async () => {
    const { customers } = await server.call('POST', '/v1/query', {
      ask: 'trends', range: { from: '2020-01-01', to: '2040-01-01' }, interval: 'all',
      measures: [{ name: 'told', of: '$touch_sent', measure: 'uniques' }], customers_of: { measure: 'told' },
    });
    return customers.count === sent;
  });
  await server.stop();
});
