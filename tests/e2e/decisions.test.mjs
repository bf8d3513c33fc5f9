// What journeys decide, told to others, and what a journey would do, told beforehand.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import fs from 'node:fs';
import { test } from 'node:test';
import { channelAt, startProvider } from '../provider.mjs';
import { eventually, expectEvent, kApiToken, kRoot, kWriteKey, recentEvents, startWaypost } from './harness.mjs';

const kLoopback = ['--egress-allow', '127.0.0.1'];
const kWelcome = {
  id: 'welcome', category: 'service', entry: { kind: 'event', on: 'Signed Up' },
  nodes: [{ id: 'start', type: 'entry' }, { id: 'pause', type: 'wait', for: '300ms' }, { id: 'hello', type: 'send', channel: 'nowhere', text: '您好 {{city}}' }],
  edges: [{ from: 'start', to: 'pause' }, { from: 'pause', to: 'hello' }],
};
const signUp = async (server, userId) => {
  const batch = [{ type: 'track', userId, messageId: `m-${userId}`, event: 'Signed Up', properties: { city: '杭州' } }];
  const answer = await fetch(`${server.base}/v1/batch`, { method: 'POST', body: JSON.stringify({ writeKey: kWriteKey, batch }), headers: { 'content-type': 'application/json' } });
  assert.ok(answer.ok);
};

test('what journeys decide is pushed at least once, signed and in order, over a kill', async (t) => {
  let server = await startWaypost(undefined, kLoopback);
  t.after(() => server.stop());
  let closed = false;
  const provider = await startProvider({ mood: (key, attempt) => (closed ? 'busy' : attempt === 0 ? 'reset' : 'ok') });
  t.after(provider.stop);
  const described = channelAt(provider, 'lake', { repeatable: true, secrets: ['app_key'], sign: { over: '{{time}}.{{body}}', secret: 'app_key' } });
  described.request.headers['X-Signature'] = 't={{time}},v1={{sign}}';
  await server.call('PUT', '/v1/channels/lake', described);
  await server.call('PUT', '/v1/channels/lake/secrets', { app_key: 'very-secret-indeed' });
  await server.call('POST', '/v1/journeys', kWelcome);
  await server.call('POST', '/v1/journeys', { ...kWelcome, id: 'other' });
  await signUp(server, 'before');
  await eventually('before left', async () => { const { entered, active } = await server.call('GET', '/v1/journeys/welcome'); return entered === 1 && active === 0; });

  const order = { name: 'Lake', decisions: ['entered', 'left'], journeys: ['welcome'], channel: 'lake' };
  for (const [wrong, code] of [
    [{ decisions: ['arrived'] }, 'bad_tag'], [{ tags: ['t'] }, 'bad_tag'], [{ format: 'csv', channel: undefined }, 'bad_tag'], [{ key: 'login' }, 'bad_tag'],
    [{ decisions: undefined }, 'bad_tag'], [{ journeys: ['nothing'] }, 'not_found'], [{ channel: 'nothing' }, 'not_found'],
  ]) {
    await assert.rejects(() => server.call('PUT', '/v1/deliveries/lake', { ...order, ...wrong }), new RegExp(code), JSON.stringify(wrong));
  }
  await server.call('PUT', '/v1/deliveries/lake', order);
  const pushes = async () => (await server.call('GET', '/v1/deliveries/lake')).pushes;
  await signUp(server, 'ann');
  await eventually('ann is told of', async () => (await pushes()).sent === 2);
  const { headers, body } = provider.bodies.at(-1);
  const time = headers['x-signature'].match(/^t=(\d+)/)[1];
  assert.equal(headers['x-signature'], `t=${time},v1=${createHmac('sha256', 'very-secret-indeed').update(`${time}.${body}`).digest('hex')}`);

  closed = true;
  await signUp(server, 'bob');
  await eventually('bob waits', async () => (await pushes()).waiting === 2);
  await server.kill();
  server = await startWaypost(server.data, kLoopback);
  await signUp(server, 'eve');
  await eventually('eve waits', async () => (await pushes()).waiting === 4);
  closed = false;
  await eventually('all are told of', async () => (await pushes()).sent === 6 && (await pushes()).waiting === 0);

  const told = [...new Map(provider.bodies.map((one) => JSON.parse(one.body)).filter(({ ref }) => provider.reached.has(ref)).map(({ ref, text }) => [ref, JSON.parse(text)])).values()];
  assert.deepEqual(told.map(({ customer, what, journey }) => [customer.value, what, journey]),
    ['ann', 'bob', 'eve'].flatMap((who) => ['entered', 'left'].map((what) => [who, what, 'welcome'])));
  assert.equal(new Set(told.map(({ id }) => id)).size, 6);
  assert.deepEqual([told[0].delivery, told[1].customer, typeof told[1].reason_zh, told[0].at <= told[1].at], ['lake', { key: 'login', value: 'ann' }, 'string', true]);
  await server.call('DELETE', '/v1/deliveries/lake');
  await signUp(server, 'late');
  await eventually('late left', async () => (await server.call('GET', '/v1/journeys/welcome')).entered === 5);
  assert.equal(provider.reached.size, 6);
});

test('a journey is tried with one customer: what he would get is shown, and sent to testers alone', async (t) => {
  const server = await startWaypost(undefined, kLoopback);
  t.after(server.stop);
  const provider = await startProvider();
  t.after(provider.stop);
  await server.call('PUT', '/v1/channels/sms', channelAt(provider, 'sms'));
  await signUp(server, 'ann');
  await signUp(server, 'bob');
  const draft = { ...kWelcome, nodes: kWelcome.nodes.map((node) => (node.type === 'send' ? { ...node, channel: 'sms' } : node.type === 'wait' ? { ...node, for: '30d' } : node)) };
  const run = (who, more = {}) => server.call('POST', '/v1/journeys/test', { journey: draft, customer: { key: 'login', value: who }, context: { city: '杭州' }, ...more });
  const shown = await eventually('ann is known', () => run('ann').catch(() => false));
  assert.deepEqual(shown.messages.map(({ node, channel, address, text }) => [node, channel, address, text]), [['hello', 'sms', 'login:ann', '您好 杭州']]);
  assert.ok(new Date(shown.messages[0].at) - Date.now() > 29 * 86_400_000, 'the wait is over at once, at its time');
  assert.deepEqual([shown.inside, shown.refused, shown.trace.map(({ what }) => what)], [false, undefined, ['entered', 'passed', 'passed', 'planned', 'passed', 'left', 'message', 'message']]);
  const missing = await run('ann', { context: {} });
  assert.deepEqual([missing.messages, missing.trace.find(({ what }) => what === 'denied').reason], [[], 'render_error']);

  await assert.rejects(() => run('ann', { send: true }), /not_tester/);
  await server.call('POST', '/v1/segments', { id: 'testers', name_zh: '测试', name_en: 'Testers', owner: 'li', eql: 'DID("Signed Up")' });
  await server.call('POST', '/v1/segments/testers/run');
  const sent = await eventually('ann is a tester', () => run('ann', { send: true }).catch(() => false));
  assert.deepEqual(sent.messages.map(({ sent: { outcome } }) => outcome), ['accepted']);
  assert.deepEqual(provider.bodies.map((one) => JSON.parse(one.body).text), ['[测试 TEST] 您好 杭州']);
  assert.deepEqual((await server.call('GET', '/v1/journeys')).journeys, []);
  await server.call('PUT', '/v1/journeys/messages/hold', { held: true });
  await assert.rejects(() => run('ann', { send: true }), /sending_held/);
});

// The receiver is a server that reads what Sensors' own libraries send.
test('in the form of Sensors, what journeys decide arrives as the events its dashboards ask for', async (t) => {
  const server = await startWaypost(undefined, kLoopback), receiver = await startWaypost();
  t.after(server.stop);
  t.after(receiver.stop);
  const described = JSON.parse(fs.readFileSync(`${kRoot}/examples/channels/sensors_events.json`));
  described.request.url = `${receiver.base}/sa?project=default`;
  await server.call('PUT', '/v1/channels/sensors', { ...described, name: 'sensors' });
  await server.call('POST', '/v1/journeys', { ...kWelcome, name: '新客' });
  const order = { name: '神策', decisions: ['entered', 'passed', 'planned', 'message'], form: 'sensors', channel: 'sensors' };
  for (const [wrong, zh] of [
    [{ form: 'splunk' }, /没有“splunk”/], [{ decisions: ['entered', 'left'] }, /神策没有“left”的事件/], [{ decisions: undefined, tags: ['t'] }, /只有投递旅程决定/],
  ]) {
    const answer = await fetch(`${server.base}/v1/deliveries/sensors`, { method: 'PUT', body: JSON.stringify({ ...order, ...wrong }), headers: { authorization: `Bearer ${kApiToken}` } });
    const { error } = await answer.json();
    assert.deepEqual([answer.status, error.code], [422, 'bad_tag']);
    assert.match(error.message_zh, zh);
  }
  await server.call('PUT', '/v1/deliveries/sensors', order);
  assert.equal((await server.call('GET', '/v1/deliveries/sensors')).form, 'sensors');
  await signUp(server, 'ann');
  const events = await recentEvents(receiver, 6);
  assert.deepEqual(events.map(({ event }) => event).sort(), ['$JourneyComponentEnter', '$JourneyComponentEnter', '$JourneyComponentEnter', '$PlanAudienceEnter', '$PlanMsgSendDone', '$PlanMsgSendPrepare']);
  const ofPlan = { $sf_plan_id: 'welcome', $sf_plan_id_virtual: '新客', $sf_plan_version: '1' };
  expectEvent(events, '$PlanAudienceEnter', { identities: { login: 'ann' }, properties: ofPlan });
  const prepared = events.find(({ event }) => event === '$PlanMsgSendPrepare').properties;
  expectEvent(events, '$PlanMsgSendDone', { identities: { login: 'ann' }, properties: { ...ofPlan, $sf_component_id: 'hello', $sf_strategy_unit_id: 'welcome_hello', $sf_channel_id: 'nowhere', $sf_msg_id: prepared.$sf_msg_id } });
  // The customer came to the wait and to what is after it at other times.
  const came = Object.fromEntries(events.filter(({ event }) => event === '$JourneyComponentEnter').map(({ properties, time_ms: at }) => [properties.$sf_component_id, at]));
  assert.ok(came.hello - came.pause >= 300 && came.pause === came.start, JSON.stringify(came));
});
