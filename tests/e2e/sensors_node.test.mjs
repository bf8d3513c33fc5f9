import { test } from 'node:test';
import assert from 'node:assert/strict';
import SensorsAnalytics from 'sa-sdk-node';
import { expectAttributes, expectEvent, recentEvents, startWaypost } from './harness.mjs';

const kModes = {
  'gzip, one by one': [{ gzip: true }, undefined],
  'gzip, in batches': [{ gzip: true }, { count: 4, timeSpan: 100 }],
  'not compressed': [{ gzip: false }, undefined],
};
for (const [mode, [options, batch]] of Object.entries(kModes)) {
  test(`every call of sa-sdk-node is found again, ${mode}`, async (t) => {
    const server = await startWaypost();
    t.after(server.stop);
    globalThis.isRunSubmitTo = false; // the library submits once a process
    const sensors = new SensorsAnalytics();
    sensors.submitTo({ url: `${server.base}/sa?project=default`, ...options }, batch);
    sensors.registerSuperProperties({ $appVersion: '8.6.2' });
    sensors.track('u1', 'OrderPaid', { orderId: 'o1', amount: 99.5, count: 3, gift: true, tags: ['理财', '新客'], $ip: '203.0.113.9' });
    sensors.trackSignup('u1', 'anon1', { channel: '微信' });
    sensors.profileSet('u1', { $city: '深圳', gender: 'F', age: 30 });
    sensors.profileSetOnce('u1', { first: 'x', gender: 'M' });
    sensors.profileIncrement('u1', { visits: 2 });
    sensors.profileAppend('u1', { likes: ['基金', '黄金'] });
    sensors.itemSet('product', 'p1', { price: 9 });
    sensors.track('u1', 'Last', {});

    const events = await recentEvents(server, 3);
    expectEvent(events, 'OrderPaid', {
      library: 'Node/1.2.6', identities: { distinct: 'u1' },
      properties: { orderId: 'o1', amount: 99.5, count: 3, gift: true, tags: ['理财', '新客'], $ip: '203.0.113.9', $appVersion: '8.6.2' },
    });
    expectEvent(events, '$SignUp', { identities: { login: 'u1' }, properties: { channel: '微信' } });
    await expectAttributes(server, 'u1', { $city: '深圳', gender: 'F', age: 30, first: 'x', visits: 2, likes: ['基金', '黄金'] });
  });
}

test('a dry run of the debug mode gives the verdict and keeps nothing', async (t) => {
  const server = await startWaypost();
  t.after(server.stop);
  const send = async (event, headers) => {
    const record = { type: 'track', event, distinct_id: 'u1', time: Date.now(), properties: { n: 1 } };
    const data = Buffer.from(JSON.stringify(record)).toString('base64');
    const answer = await fetch(`${server.base}/debug?project=default`, { method: 'POST', headers, body: new URLSearchParams({ data }) });
    return answer.json();
  };
  assert.equal((await send('Tried', { 'Dry-Run': 'true' })).accepted, 1);
  assert.equal((await send('Meant', {})).accepted, 1);
  assert.deepEqual((await recentEvents(server, 1)).map(({ event }) => event), ['Meant']);
});
