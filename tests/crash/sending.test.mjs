// Kills the server in the middle of sending, again and again, while three providers in all nine moods keep
// count of what reached each customer: one that knows keys, one that can be asked, and one that can do
// neither. At the end nobody got a message twice, and whoever got none was refused by the provider or stands
// in the list of unknown outcomes (J33 of the bad inputs); the first two providers leave nothing unknown. What the journey sets is
// every customer's attribute, and none was written after what somebody else said later. SENDING_KILLS says how often.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { channelAt, moodOf, queryAt, startProvider } from '../provider.mjs';
import { eventually, kWriteKey, startWaypost } from '../e2e/harness.mjs';

const kKills = Number(process.env.SENDING_KILLS ?? 4);
const kCustomersARound = 34;
const kChannels = ['keyed', 'asked', 'plain'];
const kFlags = ['--egress-allow', '127.0.0.1', '--store-flush-rows', 300]; // kills meet flushes

const journey = {
  id: 'all', category: 'service', entry: { kind: 'event', on: 'Signed Up' },
  nodes: [{ id: 'start', type: 'entry' }, ...kChannels.map((c) => ({ id: c, type: 'send', channel: c, text: '您好' })),
    { id: 'mark', type: 'set', attributes: [{ attribute: 'stage', value: '已联系' }, { attribute: 'round', value: '1' }] }, { id: 'stay', type: 'wait', for: '30d' }],
  edges: ['start', ...kChannels, 'mark'].map((from, i) => ({ from, to: [...kChannels, 'mark', 'stay'][i] })),
};

// Again until it is answered, as client libraries do.
const signUp = (server, logins) => eventually('taken', async () => {
  const batch = logins.map((userId) => ({ type: 'track', userId, messageId: `m-${userId}`, event: 'Signed Up' }));
  return (await fetch(`${server.base}/v1/batch`, { method: 'POST', body: JSON.stringify({ writeKey: kWriteKey, batch }), headers: { 'content-type': 'application/json' } })).ok;
});

test(`${kKills} kills in the middle of sending double nothing and lose nothing`, async (t) => {
  const data = fs.mkdtempSync(path.join(os.tmpdir(), 'waypost-sending-'));
  t.after(() => fs.rmSync(data, { recursive: true, force: true }));
  const providers = {};
  for (const channel of kChannels) {
    providers[channel] = await startProvider({ keys: channel === 'keyed', mood: moodOf });
    t.after(providers[channel].stop);
  }
  const more = { keyed: { repeatable: true }, asked: queryAt(providers.asked), plain: {} };
  let server = await startWaypost(data, kFlags);
  t.after(() => server.kill());
  for (const channel of kChannels) await server.call('PUT', `/v1/channels/${channel}`, channelAt(providers[channel], channel, more[channel]));
  await server.call('POST', '/v1/journeys', journey);

  const customers = [];
  for (let round = 0; round < kKills; ++round) {
    const some = Array.from({ length: kCustomersARound }, (_, i) => `u${round}-${i}`);
    customers.push(...some);
    await signUp(server, some);
    await new Promise((resolve) => setTimeout(resolve, (round * 7919) % 100));
    await server.kill();
    server = await startWaypost(data, kFlags);
  }
  // For as long as it goes on: what piled up before the last kill is a lot.
  let left = Infinity, channels;
  while (left > 0) {
    left = await eventually(`fewer than ${left} are left`, async () => {
      ({ channels } = await server.call('GET', '/v1/channels'));
      const open = channels.map((c) => c.waiting + c.claimed + (c.name === 'plain' ? 0 : c.unknown)).reduce((a, b) => a + b);
      return open < left && { open };
    }, 30).then(({ open }) => open);
  }

  // What is said later stays, however often the server starts again.
  const who = (eql) => server.call('POST', '/v1/eql/estimate', { eql }).then(({ count }) => count);
  await eventually('all are marked', async () => await who("stage = 已联系 AND round = '1'") === customers.length);
  const later = customers.filter((_, i) => i % 2 === 0);
  const records = later.map((login) => ({ type: 'profile_set', identities: { login }, message_id: `later-${login}`, properties: { stage: '已成交' } }));
  const sent = await fetch(`${server.base}/v1/events`, { method: 'POST', headers: { authorization: `Bearer ${kWriteKey}` }, body: JSON.stringify(records) });
  assert.ok(sent.ok, await sent.text());
  await server.kill();
  server = await startWaypost(data, kFlags);
  await eventually('what is said later', async () => await who('stage = 已成交') === later.length);
  assert.equal(await who('stage = 已联系'), customers.length - later.length);
  assert.equal(await who("round = '1'"), customers.length);

  let unknown = 0;
  const of = (channel) => new Map([...providers[channel].addresses].map(([key, address]) => [address, key]));
  const { nodes, entered } = await server.call('GET', '/v1/journeys/all');
  assert.equal(entered, customers.length);
  for (const channel of kChannels) {
    const provider = providers[channel];
    for (const [key, times] of provider.reached) assert.equal(times, 1, `${channel}: ${key} came ${times} times`);
    const keys = of(channel);
    for (const login of customers) {
      const key = keys.get(login);
      if (provider.reached.has(key) || provider.refused.has(key)) continue;
      const { trace } = await server.call('GET', `/v1/journeys/customers/login/${login}`);
      const last = trace.filter((line) => line.node === channel && line.what === 'message').at(-1);
      assert.equal(last?.reason, 'unknown', `${channel}: ${login} got nothing: ${JSON.stringify(last)}`);
      assert.equal(channel, 'plain');
      ++unknown;
    }
    const { messages } = nodes.find((node) => node.id === channel);
    assert.equal(messages.planned, customers.length);
  }
  const listed = channels.find((c) => c.name === 'plain').unknown;
  t.diagnostic(`${customers.length * kChannels.length} messages, ${listed} listed as unknown, ${unknown} of them reached nobody`);
  assert.ok(unknown <= listed);
});
