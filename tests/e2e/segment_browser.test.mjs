import { after, before, test } from 'node:test';
import { expectAttributes, expectEvent, kWriteKey, launchBrowser, recentEvents, servePages, startWaypost } from './harness.mjs';

let browser, pages;
before(async () => {
  browser = await launchBrowser();
  pages = await servePages(
    { '/shop': '<!doctype html><title>理财</title><script src="/sdk/index.js"></script>' },
    { '/sdk/': '@segment/analytics-next/dist/umd' },
  );
});
after(async () => {
  await browser.close();
  pages.stop();
});

// Runs in the page: what a site's own code would do.
async function useAnalytics({ writeKey, cdnURL, deliveryStrategy }) {
  const settings = deliveryStrategy ? { integrations: { 'Segment.io': { deliveryStrategy } } } : {};
  const [analytics] = await window.AnalyticsNext.AnalyticsBrowser.load({ writeKey, cdnURL }, settings);
  const anonymousId = analytics.user().anonymousId();
  await analytics.page('Docs', 'Home', { theme: 'dark' });
  await analytics.identify('u1', { plan: 'pro', age: 42 });
  await analytics.track('Order Completed', { revenue: 99.5, tags: ['a', 'b'], gift: true });
  await analytics.group('g1', { name: 'Acme' });
  await analytics.alias('u2', 'u1');
  return anonymousId;
}

const kStrategies = { standard: undefined, batching: { strategy: 'batching', config: { size: 10, timeout: 200 } } };
for (const [strategy, deliveryStrategy] of Object.entries(kStrategies)) {
  test(`every call of analytics-next is found again, ${strategy} delivery`, async (t) => {
    const server = await startWaypost();
    t.after(server.stop);
    const page = await (await browser.newContext()).newPage();
    await page.goto(`${pages.base}/shop?utm_source=wechat&utm_campaign=spring`);
    const device = await page.evaluate(useAnalytics, { writeKey: kWriteKey, cdnURL: server.base, deliveryStrategy });

    const events = await recentEvents(server, 5);
    const both = { login: 'u1', device };
    expectEvent(events, '$page', {
      library: 'analytics.js/next-1.84.3', identities: { device },
      properties: { $name: 'Home', $category: 'Docs', theme: 'dark', path: '/shop', title: '理财', '$context.campaign.source': 'wechat' },
    });
    expectEvent(events, '$identify', { identities: both, properties: { '$traits.plan': 'pro', '$traits.age': 42 } });
    expectEvent(events, 'Order Completed', { identities: both, properties: { revenue: 99.5, tags: ['a', 'b'], gift: true } });
    expectEvent(events, '$group', { identities: both, properties: { $groupId: 'g1', '$traits.name': 'Acme' } });
    expectEvent(events, '$alias', { properties: { $previousId: 'u1' } });
    await expectAttributes(server, 'u1', { plan: 'pro', age: 42 });
  });
}
