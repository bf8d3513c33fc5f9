// What a person saw in the console is gone when they may see it no longer: when the time of what is shown in clear
// is over, when the session ended by whatever hand, and when somebody else signs in at the same browser.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { reveal, settled, signedIn } from './console.mjs';
import { eventually, kPassword, kWriteKey, launchBrowser, startWaypost } from './harness.mjs';

const kName = '欧阳锦绣', kCustomer = '/customers/login/u1?tab=attributes';

let browser, server;
before(async () => {
  browser = await launchBrowser();
  server = await startWaypost();
  const sent = await fetch(`${server.base}/v1/events`, { method: 'POST', headers: { authorization: `Basic ${btoa(`${kWriteKey}:`)}` }, body: JSON.stringify([
    { type: 'profile_set', distinct_id: 'u1', identities: { $identity_login_id: 'u1' }, properties: { name: kName } }, { event: 'look', distinct_id: 'u1', identities: { $identity_login_id: 'u1' }, properties: { payee: kName } },
  ]) });
  assert.equal(sent.status, 200);
  await eventually('the customer is there', async () => (await server.call('GET', '/v1/customers?find=u1')).items?.length !== 0);
  await server.call('PUT', '/v1/roles/looker', { name_zh: '查看', name_en: 'Looker', rights: ['customers.view', 'customers.reveal', 'plan.view'] });
  for (const name of ['li', 'wang']) await server.addUser(name, name, ['looker']);
});
after(async () => {
  await browser.close();
  await server.stop();
});

const isShown = async (page) => (await page.locator('body').innerText()).includes(kName);
const becomes = (page, shown, what) => eventually(what, async () => (await isShown(page)) === shown, 10);
// With the cookie of the page, and not by it: as another window of the browser does.
const callAs = async (page, method, address) => {
  const cookie = (await page.context().cookies()).map(({ name, value }) => `${name}=${value}`).join('; ');
  const answer = await fetch(server.base + address, { method, headers: { cookie, origin: server.base, 'x-waypost': 'console' } });
  assert.equal(answer.status, 200, await answer.text());
};

test('what one window shows in clear every window shows, and every window masks again', async (t) => {
  const first = await signedIn(t, browser, server), second = await first.context().newPage();
  await first.show(kCustomer);
  await settled(first);
  await second.goto(`${server.base}/console${kCustomer}`);
  await second.locator('h1').waitFor();
  assert.deepEqual([await isShown(first), await isShown(second)], [false, false]);
  await reveal(first);
  await becomes(first, true, 'the window that asked shows it');
  await becomes(second, true, 'the other shows it too');
  await second.locator('button.clear').click();
  await becomes(second, false, 'it is masked where that was asked for');
  await becomes(first, false, 'and in the other window');
});

test('a clock of the browser that is wrong neither ends it early nor lets it go on', async (t) => {
  for (const minutes of [-40, 40]) {
    const page = await signedIn(t, browser, server);
    await page.addInitScript((skew) => { const now = Date.now; Date.now = () => now() + skew; }, minutes * 60_000);
    await page.show(kCustomer);
    await reveal(page);
    await becomes(page, true, `shown, ${minutes} minutes off`);
    assert.match(await page.locator('button.clear').innerText(), /1[45]/);
    await page.evaluate(() => { const now = Date.now; Date.now = () => now() + 15 * 60_000; }); // and the time is over
    await page.locator('button.clear').waitFor({ state: 'detached', timeout: 10_000 });
  }
});

test('a session that was ended elsewhere leaves nothing on a page that asks for nothing', async (t) => {
  const page = await signedIn(t, browser, server);
  await page.clock.install();
  await page.show(kCustomer);
  await reveal(page);
  await becomes(page, true, 'shown');
  await callAs(page, 'DELETE', '/v1/session');
  await page.clock.fastForward(61_000);
  await page.locator('input[type=password]').waitFor({ timeout: 10_000 });
  assert.equal(await isShown(page), false);
});

test('who signs in where another was sees nothing that the other saw, not for a moment', async (t) => {
  const page = await signedIn(t, browser, server);
  await page.show(kCustomer);
  await reveal(page);
  await becomes(page, true, 'shown');
  await callAs(page, 'DELETE', '/v1/session');
  await page.turn('/customers'); // which asks, and hears that the session is over
  await page.locator('input[type=password]').waitFor();
  // Whatever the next one asks about a customer is not answered: all that could be shown is what was kept.
  await page.route('**/v1/customers**', () => undefined);
  await page.locator('input[autocomplete=username]').fill('wang');
  await page.locator('input[type=password]').fill(kPassword);
  await page.keyboard.press('Enter');
  await page.locator('h1').waitFor();
  await page.turn(kCustomer);
  await page.waitForTimeout(500);
  assert.equal(await isShown(page), false);
});
