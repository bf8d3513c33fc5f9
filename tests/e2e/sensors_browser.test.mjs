import { after, before, test } from 'node:test';
import { expectAttributes, expectEvent, launchBrowser, recentEvents, servePages, startWaypost } from './harness.mjs';

let browser, pages;
before(async () => {
  browser = await launchBrowser();
  pages = await servePages(
    { '/bank': '<!doctype html><title>远山银行</title><script type="module">import sensors from "/sdk/sensorsdata.es6.js"; window.sensors = sensors;</script>' },
    { '/sdk/': 'sa-sdk-javascript/dist/web' },
  );
});
after(async () => {
  await browser.close();
  pages.stop();
});

// Runs in the page: what a site's own code would do.
function useSensors(delivery) {
  const { sensors } = window;
  sensors.init({ ...delivery, show_log: false, heatmap: { clickmap: 'not_collect', scroll_notice_map: 'not_collect' } });
  const device = sensors.store.getDistinctId();
  sensors.quick('autoTrack');
  sensors.track('ViewProduct', { product: '安心盈90天', price: 9.5, hot: true, tags: ['a', 'b'] });
  sensors.login('u1');
  sensors.setProfile({ city: '深圳', age: 30 });
  sensors.setOnceProfile({ first: 'x' });
  sensors.incrementProfile({ visits: 2 });
  sensors.appendProfile({ likes: ['基金'] });
  sensors.track('BuyProduct', { amount: 10000 });
  return device;
}

const kDeliveries = {
  image: { send_type: 'image' },
  ajax: { send_type: 'ajax' },
  beacon: { send_type: 'beacon' },
  batch: { batch_send: { max_length: 6, send_interval: 3_000, datasend_timeout: 30_000 } },
};
for (const [name, delivery] of Object.entries(kDeliveries)) {
  test(`every call of sa-sdk-javascript is found again, by ${name}`, async (t) => {
    const server = await startWaypost();
    t.after(server.stop);
    const page = await (await browser.newContext()).newPage();
    await page.goto(`${pages.base}/bank?utm_source=wechat`);
    await page.waitForFunction(() => window.sensors);
    const device = await page.evaluate(useSensors, { server_url: `${server.base}/sa?project=default`, ...delivery });

    const events = await recentEvents(server, 4);
    const library = 'js/1.27.11';
    expectEvent(events, '$pageview', { library, properties: { $title: '远山银行', $url_path: '/bank' } });
    expectEvent(events, 'ViewProduct', {
      library, identities: { device },
      properties: { product: '安心盈90天', price: 9.5, hot: true, tags: ['a', 'b'], $latest_utm_source: 'wechat' },
    });
    expectEvent(events, '$SignUp', { library, identities: { login: 'u1' } });
    expectEvent(events, 'BuyProduct', { library, identities: { login: 'u1' }, properties: { amount: 10000 } });
    await expectAttributes(server, 'u1', { city: '深圳', age: 30, first: 'x', visits: 2, likes: ['基金'] });
  });
}
