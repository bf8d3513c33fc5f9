// What the tests of the console share: pages that remember every complaint of the browser, and the check
// that anybody can use them.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { eventually, kPassword, kRoot, kWriteKey } from './harness.mjs';

// A page that remembers everything a browser complains about, refused styles and scripts among it, and what it
// still waits for.
export async function openPage(t, browser, server, { locale = 'zh-CN', ...options } = {}) {
  const context = await browser.newContext({ viewport: { width: 1366, height: 768 }, locale, reducedMotion: 'reduce', ...options });
  t.after(() => context.close());
  const page = await context.newPage();
  page.complaints = [];
  page.on('console', (message) => message.type() === 'error' && page.complaints.push(message.text()));
  page.on('pageerror', (error) => page.complaints.push(error.message));
  page.asked = new Set();
  page.on('request', (request) => page.asked.add(request));
  for (const end of ['requestfinished', 'requestfailed']) page.on(end, (request) => page.asked.delete(request));
  page.show = (address) => page.goto(`${server.base}/console${address}`);
  // As a link within the console does it: the page is not loaded again. To the same page, it is.
  page.turn = async (address) => {
    if (new URL(page.url()).pathname === `/console${address.split('?')[0]}`) return page.show(address);
    await page.evaluate((to) => {
      document.querySelector('h1')?.setAttribute('data-before', '');
      history.pushState(null, '', to);
      dispatchEvent(new PopStateEvent('popstate'));
    }, `/console${address}`);
    await page.locator('h1[data-before]').waitFor({ state: 'detached' });
  };
  return page;
}

// Nothing was asked for, and nothing says that it waits, for two frames.
export function settled(page) {
  const still = () => page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve(document.querySelector('[aria-busy=true], .waiting') === null)))));
  return eventually(`${page.url()} is all there`, async () => page.asked.size === 0 && (await still()) && page.asked.size === 0, 30);
}

// With a session of their own. `how`: 'form' signs in by it, and is not in yet where a second factor is asked for;
// 'nothing' shows no page yet.
export async function signedIn(t, browser, server, options, name = 'li', how = 'home') {
  const page = await openPage(t, browser, server, options);
  if (how === 'form') {
    await page.show('/');
    await page.locator('input[autocomplete=username]').fill(name);
    await page.locator('input[type=password]').fill(kPassword);
    await page.keyboard.press('Enter');
    return page;
  }
  const opened = await fetch(`${server.base}/v1/session`, { method: 'POST', headers: { origin: server.base, 'x-waypost': 'console' }, body: JSON.stringify({ name, password: kPassword }) });
  assert.equal(opened.status, 200, await opened.text());
  const [cookie, value] = opened.headers.get('set-cookie').split(';')[0].split('=');
  await page.context().addCookies([{ name: cookie, value, url: server.base, httpOnly: true, sameSite: 'Strict' }]);
  if (how === 'nothing') return page;
  await page.show('/');
  await page.locator('h1').waitFor();
  return page;
}

// Shows values that are a person's, for as long as the server does.
export async function reveal(page) {
  await page.getByRole('button', { name: /显示明文|Show in clear/ }).click();
  await page.getByLabel(/原因|Reason/).fill('测试 test');
  await page.keyboard.press('Enter');
  await page.locator('button.clear').waitFor();
}

const kCities = ['上海', '北京', '广州'];

// 240 customers in three cities, all of whom looked and half of whom paid.
export async function sendPeople(server, count = 240) {
  const batch = Array.from({ length: count }, (_, i) => {
    const who = { distinct_id: `u${i}`, identities: { $identity_login_id: `u${i}` } };
    return [
      { type: 'profile_set', ...who, properties: { city: kCities[i % 4 === 0 ? 0 : i % 3], vip: i % 4 === 0 ? 2 : 0, name: `客户${i}` } },
      { event: 'look', ...who }, ...(i % 2 === 0 ? [{ event: 'pay', ...who, properties: { amount: i } }] : []),
    ];
  }).flat();
  const sent = await fetch(`${server.base}/v1/events`, { method: 'POST', headers: { authorization: `Basic ${btoa(`${kWriteKey}:`)}` }, body: JSON.stringify(batch) });
  assert.equal((await sent.json()).accepted, batch.length);
  await eventually('all are there', async () => (await server.call('POST', '/v1/eql/estimate', { eql: 'DID(look)' })).count === count);
}

export const at = (question) => `?q=${encodeURIComponent(JSON.stringify(question))}`;
export const titled = (page, title) => page.locator('h1', { hasText: title }).waitFor();

const axe = fs.readFileSync(path.join(kRoot, 'tests/e2e/node_modules/axe-core/axe.min.js'), 'utf8');

// No serious finding of axe. A chart or a layer may still be on its way in at first.
export async function assertAccessible(page, what) {
  let serious;
  for (let attempt = 0; attempt < 4; ++attempt) {
    if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(axe);
    // Neither styles read a second time nor names of what is fine: a third of its time.
    const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'], preload: false, selectors: false }));
    serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
    if (serious.length === 0) return;
    await page.waitForTimeout(300);
  }
  assert.deepEqual(serious.map(({ id, nodes }) => `${id}: ${nodes[0].html}`), [], what);
}

// Hints that do not fit into their field.
const cutHints = () => [...document.querySelectorAll('input[placeholder]')].filter((field) => {
  const { font, paddingLeft, paddingRight } = getComputedStyle(field), pen = document.createElement('canvas').getContext('2d');
  pen.font = font;
  return field.offsetParent && pen.measureText(field.placeholder).width > field.clientWidth - parseFloat(paddingLeft) - parseFloat(paddingRight) + 1;
}).map(({ placeholder }) => placeholder);

// Every page shows in both languages, fits the smallest screen, is accessible, and the browser has nothing
// to say about it.
export async function assertPagesAreGood(t, browser, server, addresses, name = 'li') {
  const page = await signedIn(t, browser, server, {}, name);
  for (const address of addresses) {
    await page.turn(address);
    await page.locator('h1').waitFor().catch((error) => { throw new Error(`${address} for ${name}`, { cause: error }); });
    for (const language of ['English', '中文']) {
      await settled(page);
      const width = await page.evaluate(() => document.documentElement.scrollWidth);
      assert.ok(width <= 1366, `${address} is ${width} wide`);
      assert.equal(await page.locator('.ant-alert-error').count(), 0, address);
      assert.deepEqual(await page.evaluate(cutHints), [], address);
      assert.equal(await page.locator('.navigation .ant-menu-item-selected').evaluateAll((items) => items.every((item) => item.getBoundingClientRect().bottom <= item.closest('.ant-menu-root').getBoundingClientRect().bottom + 1)), true, `the menu shows where ${address} is`);
      await assertAccessible(page, `${address} before ${language}`);
      await page.locator('.top button', { hasText: language }).dispatchEvent('click'); // a drawer may be above it
    }
  }
  assert.deepEqual(page.complaints, [], name);
}
