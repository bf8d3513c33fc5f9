import { test } from 'node:test';
import { Analytics } from '@segment/analytics-node';
import { expectAttributes, expectEvent, kWriteKey, recentEvents, startWaypost } from './harness.mjs';

test('every call of analytics-node is found again, field by field', async (t) => {
  const server = await startWaypost();
  t.after(server.stop);
  const analytics = new Analytics({ writeKey: kWriteKey, host: server.base, maxEventsInBatch: 3, flushInterval: 200 });
  const ordered = new Date(Date.now() - 3_600_000);
  analytics.identify({ userId: 'u1', traits: { email: 'wang@example.com', plan: 'pro', age: 42, vip: true } });
  analytics.track({
    userId: 'u1', event: 'Order Completed', timestamp: ordered, messageId: 'order-1',
    properties: { revenue: 99.5, currency: 'CNY', items: 3, gift: false, tags: ['理财', '新客'], shipping: { city: '深圳' } },
    context: { ip: '203.0.113.9', userAgent: 'UA/1' },
  });
  analytics.page({ userId: 'u1', category: 'Docs', name: 'Home', properties: { url: 'https://bank.example/home' } });
  analytics.screen({ anonymousId: 'a1', name: 'Main', properties: { dark: true } });
  analytics.group({ userId: 'u1', groupId: 'g1', traits: { name: 'Acme', seats: 12 } });
  analytics.alias({ userId: 'u1', previousId: 'a1' });
  await analytics.closeAndFlush();

  const events = await recentEvents(server, 6);
  const login = { login: 'u1' };
  expectEvent(events, '$identify', { identities: login, properties: { '$traits.email': 'wang@example.com', '$traits.age': 42 } });
  expectEvent(events, 'Order Completed', {
    time_ms: ordered.getTime(), message_id: 'order-1', library: '@segment/analytics-node/3.1.0', identities: login,
    properties: {
      revenue: 99.5, currency: 'CNY', items: 3, gift: false, tags: ['理财', '新客'], 'shipping.city': '深圳',
      '$context.ip': '203.0.113.9', '$context.userAgent': 'UA/1',
    },
  });
  expectEvent(events, '$page', { identities: login, properties: { $name: 'Home', $category: 'Docs', url: 'https://bank.example/home' } });
  expectEvent(events, '$screen', { identities: { device: 'a1' }, properties: { $name: 'Main', dark: true } });
  expectEvent(events, '$group', { identities: login, properties: { $groupId: 'g1', '$traits.seats': 12 } });
  expectEvent(events, '$alias', { identities: login, properties: { $previousId: 'a1' } });
  await expectAttributes(server, 'u1', { email: 'wang@example.com', plan: 'pro', age: 42, vip: true });
});
