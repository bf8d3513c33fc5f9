// Segments from outside: through the API and as commands, and live ones, whose members follow a client
// library's events and time, over a kill.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { Analytics } from '@segment/analytics-node';
import { eventually, kApiToken, kBuild, kWriteKey, startWaypost } from './harness.mjs';

function analyticsOf(server) {
  return new Analytics({ writeKey: kWriteKey, host: server.base, maxEventsInBatch: 1, flushInterval: 20 });
}
const membersOf = async (server, id) =>
  (await server.call('GET', `/v1/segments/${id}/members`)).members.map((member) => member.name).sort();
const refused = (call, what) => assert.rejects(call, (error) => what.test(error.message) || assert.fail(error.message));

// `waypost segment ...` on the folder that the server has open.
function command(server, verb, rest = [], body) {
  const out = execFileSync(path.join(kBuild, 'src/server/waypost'),
    ['segment', verb, ...rest, '--data', server.data, '--listen-port', String(server.port)],
    { input: body && JSON.stringify(body), env: { ...process.env, WAYPOST_API_TOKEN: kApiToken }, encoding: 'utf8' });
  return JSON.parse(out);
}

test('a segment is written, counted, run, compared, exported and removed, over HTTP and as commands', async (t) => {
  const server = await startWaypost();
  t.after(server.stop);
  const analytics = analyticsOf(server);
  for (const [userId, vip, payments] of [['a', 2, 3], ['b', 1, 1], ['c', 0, 2], ['d', 0, 0]]) {
    analytics.identify({ userId, traits: { vip } });
    for (let i = 0; i < payments; ++i) analytics.track({ userId, event: 'Paid', properties: { amount: 10 * (i + 1) } });
  }
  await analytics.closeAndFlush();
  const eql = 'vip >= 1 OR DID(Paid) SUM(amount) >= 30';
  const counted = await eventually('everything', async () => {
    const count = await server.call('POST', '/v1/eql/estimate', { eql, explain: true });
    return count.everyone === 4 && count.leaves[1].count === 2 && count;
  });
  assert.equal(counted.count, 3);
  assert.deepEqual(counted.leaves.map((leaf) => [leaf.eql, leaf.count]), [['vip >= 1', 2], ['DID(Paid) SUM(amount) >= 30', 2]]);
  assert.deepEqual(command(server, 'estimate', ['-'], { eql }).count, 3);

  assert.equal(command(server, 'create', ['-'], { id: 'good', name_zh: '好客户', eql }).version, 1);
  assert.equal((await server.call('POST', '/v1/segments/good/run')).count, 3);
  assert.deepEqual(await membersOf(server, 'good'), ['login:a', 'login:b', 'login:c']);
  await refused(server.call('PUT', '/v1/segments/good', { eql: 'vip >= 2' }), /400 .*version/);
  await refused(server.call('PUT', '/v1/segments/good', { version: 7, eql: 'vip >= 2' }), /409 .*conflict/);
  assert.equal((await server.call('PUT', '/v1/segments/good', { version: 1, eql: 'vip >= 2' })).version, 2);
  const run = command(server, 'run', ['good']);
  assert.deepEqual([run.run, run.version, run.count, run.came, run.left], [2, 2, 1, 0, 2]);
  assert.equal(command(server, 'members', ['good', '--run', '1']).count, 3);

  const night = { cron: '30 2 * * *', zone: 'Asia/Shanghai' };
  const planned = await server.call('PUT', '/v1/segments/good', { version: 2, eql: 'vip >= 1', schedule: night });
  assert.deepEqual([planned.schedule.cron, planned.schedule.zone], [night.cron, night.zone]);
  await refused(server.call('PUT', '/v1/segments/good', { version: 3, eql: 'vip >= 1', schedule: { cron: '30 25 * * *' } }), /400 .*schedule.cron: hour/);
  // A batch is for whoever is in the segment when its run comes.
  const batch = (id) => ({ ...follow, id, entry: { kind: 'batch', segment: 'good', schedule: { from: '2026-01-01', at: '00:00', run_now: true } } });
  await server.call('POST', '/v1/journeys', batch('once'));
  await eventually('the run', async () => (await server.call('GET', '/v1/journeys/once')).entered === 2);
  await refused(server.call('POST', '/v1/journeys', { ...batch('none'), entry: { ...batch('none').entry, segment: 'goods' } }), /404 .*did you mean 'good'/);

  const list = command(server, 'upload', ['-'], { id: 'blocked', key: 'login', values: ['a', 'd', 'nobody'] });
  assert.deepEqual([list.given, list.matched, list.unmatched_examples], [3, 2, ['nobody']]);
  await server.call('POST', '/v1/segments', { id: 'left', eql: 'IN SEGMENT 好客户 AND NOT IN LIST blocked' });
  assert.equal((await server.call('POST', '/v1/segments/left/run')).count, 1);
  await refused(server.call('DELETE', '/v1/segments/good'), /409 .*in_use/);
  await refused(server.call('POST', '/v1/segments', { id: 'x', eql: 'vpi = 1' }), /422 .*did you mean 'vip'/);
  await refused(server.call('POST', '/v1/segments', { id: 'x', eql: 'TOP 5 BY vip', refresh: 'live' }), /422 .*on a schedule/);
  const overlap = await server.call('POST', '/v1/segments/overlap', { segments: ['good', 'left'] });
  assert.deepEqual(overlap.shared, [[2, 1], [1, 1]]);

  const file = path.join(server.data, 'good.csv');
  await server.call('POST', '/v1/segments/good/export', { path: file, format: 'csv', attributes: ['vip'] });
  assert.match(fs.readFileSync(file, 'utf8'), /vip[^]*\b2\b/);
  await server.call('DELETE', '/v1/segments/left');
  await server.call('DELETE', '/v1/segments/good');
  assert.deepEqual((await server.call('GET', '/v1/segments')).items, []);
});

const busy = { id: 'busy', name_zh: '活跃', eql: 'DID(Paid) LAST 5 SECONDS COUNT >= 2', refresh: 'live' };
const follow = {
  id: 'follow', name: '跟进', entry: { kind: 'segment', segment: '活跃' }, reentry: { policy: 'always' },
  nodes: [{ id: 'start', type: 'entry' }, { id: 'hello', type: 'send', channel: 'sms', text: 'hello' }, { id: 'end', type: 'exit' }],
  edges: [{ from: 'start', to: 'hello' }, { from: 'hello', to: 'end' }],
};

test('a live segment takes in who matches within a second, lets go by itself, and leads into a journey once', async (t) => {
  const data = fs.mkdtempSync(path.join(os.tmpdir(), 'waypost-live-'));
  let server = await startWaypost(data);
  t.after(() => fs.rmSync(data, { recursive: true, force: true }));
  let analytics = analyticsOf(server);
  const pay = async (userId) => {
    analytics.track({ userId, event: 'Paid', properties: {} });
    await analytics.flush();
  };
  await pay('first');
  await eventually('the event is known', async () => (await server.call('POST', '/v1/eql/estimate', { eql: 'DID(Paid)' })).count === 1);
  await server.call('POST', '/v1/segments', busy);
  await server.call('POST', '/v1/segments', { id: 'ever', eql: 'DID(Paid) COUNT >= 2', refresh: 'live' });
  await eventually('both are live', async () => (await membersOf(server, 'ever')).length === 0 && (await membersOf(server, 'busy')).length === 0);
  await server.call('POST', '/v1/journeys', follow);
  const count = { ...follow, id: 'count', entry: { kind: 'segment', segment: 'ever' } };
  await server.call('POST', '/v1/journeys', count);

  await pay('ann');
  await pay('ann');
  await eventually('ann is in', async () => (await membersOf(server, 'busy')).includes('login:ann'));
  await eventually('her message', async () => (await server.call('GET', '/v1/journeys/follow')).entered === 1);
  await eventually('ann is out', async () => (await membersOf(server, 'busy')).length === 0);
  assert.deepEqual(await membersOf(server, 'ever'), ['login:ann']);

  // One of two events before the kill, and one after.
  await pay('bob');
  await pay('bob');
  await eventually('bob is in', async () => (await membersOf(server, 'ever')).length === 2);
  await pay('eve');
  await server.kill();
  server = await startWaypost(data);
  analytics = analyticsOf(server);
  await eventually('members as before', async () => (await membersOf(server, 'ever')).join() === 'login:ann,login:bob');
  await pay('eve');
  await eventually('eve is in', async () => (await membersOf(server, 'ever')).includes('login:eve'));
  await eventually('messages to each', async () => {
    const { items } = await server.call('GET', '/v1/journeys/messages/sandbox?limit=100');
    return items.filter(({ journey }) => journey === 'follow').map((message) => message.address).sort().join() === 'login:ann,login:bob,login:eve';
  }, 4).catch(async (error) => {
    // Eve's two events may be over five seconds apart on a slow machine: then she never was busy.
    const { items } = await server.call('GET', '/v1/journeys/messages/sandbox?limit=100');
    if (items.filter(({ journey }) => journey === 'follow').map((message) => message.address).sort().join() !== 'login:ann,login:bob') throw error;
  });

  // On the same events a rehearsal gives what came about: as they came into the segment, and at a run.
  const soon = new Date(Date.now() + 3_000).toISOString().slice(11, 19);
  const daily = { ...follow, id: 'daily', zone: 'UTC', entry: { kind: 'batch', segment: 'ever', schedule: { every: 'day', at: soon } } };
  await server.call('POST', '/v1/journeys', daily);
  const cameIn = async (id) => (await server.call('GET', `/v1/journeys/${id}`)).entered;
  await eventually('the run', async () => (await cameIn('daily')) === 3);
  for (const draft of [count, daily]) {
    const { entered, messages, inside } = await server.call('POST', '/v1/journeys/rehearse?days=1', draft);
    assert.deepEqual([entered, inside, Object.values(messages.sms)], [await cameIn(draft.id), 0, [3]], draft.id);
  }
  await server.stop();
});

test('a journey waits until a customer is in a segment or has an attribute, over a kill and for a file, and ends for whom its rule says', async (t) => {
  const data = fs.mkdtempSync(path.join(os.tmpdir(), 'waypost-until-'));
  let server = await startWaypost(data);
  t.after(() => fs.rmSync(data, { recursive: true, force: true }));
  const send = async (act) => {
    const analytics = analyticsOf(server);
    act(analytics);
    await analytics.closeAndFlush();
  };
  const pay = (userId) => send((analytics) => analytics.track({ userId, event: 'Paid', properties: { amount: 1 } }));
  const become = (userId, traits) => send((analytics) => analytics.identify({ userId, traits }));
  const people = ['ann', 'bob', 'cat', 'dan', 'eve', 'fay'];
  for (const one of people) await pay(one);
  await become('first', { city: '上海', closed: 'no' });
  await eventually('all are known', async () => (await server.call('POST', '/v1/eql/estimate', { eql: 'DID(Paid) OR closed = no' })).count === 7);
  await server.call('POST', '/v1/segments', { id: 'ever', eql: 'DID(Paid) COUNT >= 2', refresh: 'live' });
  await server.call('POST', '/v1/segments', { id: 'once', eql: 'city = 北京' });
  await server.call('POST', '/v1/segments/once/run');
  await eventually('it is live', async () => (await membersOf(server, 'ever')).length === 0);
  const until = {
    id: 'until', entry: { kind: 'api' }, exit_on: [{ when: 'closed = yes' }, { when: 'IN SEGMENT ever AND city = 北京' }],
    nodes: [{ id: 'start', type: 'entry' }, { id: 'x', type: 'wait_event', timeout: '1d', branches: [{ outcome: 'pays', when: 'IN SEGMENT ever' }, { outcome: 'moves', when: 'city = 北京' }] },
      { id: 'end', type: 'exit' }, { id: 'stay', type: 'wait', for: '1d' }],
    edges: [{ from: 'start', to: 'x' }, { from: 'x', when: 'pays', to: 'end' }, { from: 'x', when: 'moves', to: 'stay' }],
  };
  for (const [when, what] of [['DID(Paid) COUNT >= 2', /make the rest a live segment/], ['entry.amount > 1', /make the rest/], ['IN SEGMENT once', /not live/], ['TAG(none) = 1', /none/], ['city = 北京 AND (', /line 1/]]) {
    const { faults } = await server.call('POST', '/v1/journeys/check', { ...until, nodes: until.nodes.map((node) => (node.id === 'x' ? { ...node, branches: [{ outcome: 'pays', when }, node.branches[1]] } : node)) });
    const [fault] = faults.filter(({ warning }) => !warning);
    assert.deepEqual([fault?.node, fault?.field], ['x', 'branches.when'], when);
    assert.match(fault.message, what);
  }
  await server.call('POST', '/v1/journeys', until);
  const counts = async () => {
    const { nodes, exits, active } = await server.call('GET', '/v1/journeys/until');
    return { ...nodes.find(({ id }) => id === 'x').out, exits, active };
  };
  for (const one of people) await server.call('POST', '/v1/journeys/until/entries', { customer: { key: 'login', value: one } });
  assert.equal((await counts()).active, 6);
  await pay('ann');
  await eventually('ann paid twice', async () => (await counts()).pays === 1);
  await become('bob', { city: '北京' });
  await eventually('bob moved', async () => (await counts()).moves === 1);
  await pay('bob');
  await become('cat', { closed: 'yes' });
  await eventually('two are let go', async () => (await counts()).exits.exit_condition === 2);
  await pay('dan');
  await server.kill(); // the segment may know it, and the journey not
  server = await startWaypost(data);
  await eventually('dan paid twice', async () => (await counts()).pays === 2);
  await pay('eve');
  await eventually('eve paid twice', async () => (await counts()).pays === 3);
  await server.kill();
  const file = path.join(data, 'moves.csv'), mapping = path.join(data, 'moves.toml');
  fs.writeFileSync(file, 'login,city\nfay,北京\n');
  fs.writeFileSync(mapping, 'kind = "profiles"\n[[identity]]\nkey = "login"\ncolumn = "login"\n[properties]\ncity = "string"\n');
  execFileSync(path.join(kBuild, 'src/server/waypost'), ['import', '--data', data, '--mapping', mapping, file]);
  server = await startWaypost(data);
  await eventually('fay moved', async () => (await counts()).moves === 2);
  const { active, exits } = await counts();
  assert.deepEqual([active, exits], [1, { completed: 3, exit_condition: 2 }]);
  const leftFrom = async (node, reason) => (await server.call('GET', `/v1/journeys/until/nodes/${node}/customers?left=${reason}`)).customers.map(({ name }) => name).sort();
  assert.deepEqual([await leftFrom('x', 'exit_condition'), await leftFrom('stay', 'exit_condition'), await leftFrom('x', 'completed')], [['login:cat'], ['login:bob'], []]);
  assert.deepEqual(await leftFrom('end', 'completed'), ['login:ann', 'login:dan', 'login:eve']);
  await server.stop();
});

test('a live tag changes by events and by time, is what rules and journeys see, and lets into a journey who becomes what', async (t) => {
  const data = fs.mkdtempSync(path.join(os.tmpdir(), 'waypost-live-tag-'));
  let server = await startWaypost(data);
  t.after(() => fs.rmSync(data, { recursive: true, force: true }));
  let analytics = analyticsOf(server);
  const pay = async (userId) => {
    analytics.track({ userId, event: 'Paid', properties: {} });
    await analytics.flush();
  };
  const valueOf = async (user) =>
    (await server.call('POST', '/v1/tags/lookup', { key: 'login', values: [user], tags: ['mood'] })).items[0].tags?.mood;
  await pay('first');
  await eventually('the event is known', async () => (await server.call('POST', '/v1/eql/estimate', { eql: 'DID(Paid)' })).count === 1);
  const make = { kind: 'layers', layers: [{ value: '忙', eql: 'DID(Paid) LAST 6 SECONDS COUNT >= 2' }, { value: '闲', eql: 'DID(Paid)' }] };
  await refused(server.call('POST', '/v1/tags', { id: 'top', owner: 'li', refresh: 'live', make: { kind: 'rule', eql: 'TOP 5 BY COUNT OF (Paid)' } }),
    /422 .*each customer alone/);
  await server.call('POST', '/v1/tags', { id: 'mood', name_zh: '心情', owner: 'li', refresh: 'live', make });
  await server.call('POST', '/v1/tags/mood/steps/submit');
  const { key } = await server.call('POST', '/v1/keys', { id: 'other', rights: ['tags.approve', 'tags.view'], days: 1 });
  const certified = await fetch(`${server.base}/v1/tags/mood/certify`, { method: 'POST', headers: { authorization: `Bearer ${key}` } });
  assert.equal(certified.status, 200, await certified.text());
  await server.call('POST', '/v1/tags/mood/steps/launch');
  await eventually('the values of now', async () => (await valueOf('first')) === '闲');
  const becomes = (id, more, filter) => ({ ...follow, id, entry: { kind: 'tag', tag: '心情', ...more, ...(filter && { filter }) } });
  await refused(server.call('POST', '/v1/journeys', becomes('none', {})), /422 .*which value/);
  await refused(server.call('POST', '/v1/journeys', { ...becomes('none', { to: '忙' }), entry: { kind: 'tag', tag: 'moot', to: 'x' } }), /404 .*did you mean 'mood'/);
  await server.call('POST', '/v1/journeys', becomes('calmed', { from: '忙', to: '闲' }, 'TAG(mood) = 闲'));
  await server.call('POST', '/v1/journeys', becomes('busied', { to: '忙' }, 'TAG(mood) IS NULL'));
  await server.call('POST', '/v1/segments', { id: 'busy', eql: 'TAG(mood) = 忙', refresh: 'live' });
  await eventually('the segment', async () => (await membersOf(server, 'busy')).length === 0);

  await pay('ann');
  await eventually('ann', async () => (await valueOf('ann')) === '闲');
  await server.call('POST', '/v1/journeys', {
    id: 'until', entry: { kind: 'api' }, nodes: [{ id: 'start', type: 'entry' }, { id: 'x', type: 'wait_event', timeout: '1d', accept_current: false, branches: [{ outcome: 'busy', when: 'TAG(心情) = 忙' }, { outcome: 'idle', when: 'TAG(心情) = 闲' }] }],
    edges: [{ from: 'start', to: 'x' }],
  });
  await server.call('POST', '/v1/journeys/until/entries', { customer: { key: 'login', value: 'ann' } });
  await pay('ann');
  await pay('ann');
  await eventually('ann was awaited', async () => (await server.call('GET', '/v1/journeys/until')).nodes.find(({ id }) => id === 'x').out?.busy === 1);
  await eventually('ann is busy', async () => (await valueOf('ann')) === '忙');
  await eventually('so the segment says', async () => (await membersOf(server, 'busy')).join() === 'login:ann');
  await eventually('by itself', async () => (await valueOf('ann')) === '闲');
  const entered = async (id) => (await server.call('GET', `/v1/journeys/${id}`)).entered;
  await eventually('ann is in the journey', async () => (await entered('calmed')) === 1);
  assert.equal(await entered('busied'), 0); // for her tag was known

  await server.kill();
  server = await startWaypost(data);
  analytics = analyticsOf(server);
  await eventually('values as before', async () => (await valueOf('ann')) === '闲' && (await valueOf('first')) === '闲');
  assert.equal(await entered('calmed'), 1);
  await server.call('POST', '/v1/tags/mood/steps/freeze');
  await pay('first');
  await pay('first');
  await eventually('the events', async () => (await server.call('POST', '/v1/eql/estimate', { eql: 'DID(Paid) COUNT >= 3' })).count === 2);
  assert.equal(await valueOf('first'), '闲'); // what is frozen keeps what it had
  await server.stop();
});

test('what a download left behind that was cut short is gone at the next start', async (t) => {
  const first = await startWaypost();
  const left = path.join(first.data, 'download-00000000000000ff'), other = path.join(first.data, 'downloads.txt');
  for (const file of [left, other]) fs.writeFileSync(file, 'login,phone\n');
  await first.kill();
  const server = await startWaypost(first.data);
  t.after(server.stop);
  assert.deepEqual([left, other].map((file) => fs.existsSync(file)), [false, true]);
});
