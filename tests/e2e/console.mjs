// What the tests of the console share: pages that remember every complaint of the browser, and the check
// that anybody can use them.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { kPassword, kRoot } from './harness.mjs';

// A page that remembers everything a browser complains about, refused styles and scripts among it.
export async function openPage(t, browser, server, { locale = 'zh-CN', ...options } = {}) {
  const context = await browser.newContext({ viewport: { width: 1366, height: 768 }, locale, ...options });
  t.after(() => context.close());
  const page = await context.newPage();
  page.complaints = [];
  page.on('console', (message) => message.type() === 'error' && page.complaints.push(message.text()));
  page.on('pageerror', (error) => page.complaints.push(error.message));
  page.show = (address) => page.goto(`${server.base}/console${address}`);
  return page;
}

// `asked`: not yet in, the second factor is asked for.
export async function signedIn(t, browser, server, options, name = 'li', asked = false) {
  const page = await openPage(t, browser, server, options);
  await page.show('/');
  await page.locator('input[autocomplete=username]').fill(name);
  await page.locator('input[type=password]').fill(kPassword);
  await page.keyboard.press('Enter');
  if (!asked) await page.locator('h1').waitFor();
  return page;
}

// Shows values that are a person's, for as long as the server does.
export async function reveal(page) {
  await page.getByRole('button', { name: /显示明文|Show in clear/ }).click();
  await page.getByLabel(/原因|Reason/).fill('测试 test');
  await page.keyboard.press('Enter');
  await page.locator('button.clear').waitFor();
}

export const at = (question) => `?q=${encodeURIComponent(JSON.stringify(question))}`;
export const titled = (page, title) => page.locator('h1', { hasText: title }).waitFor();

const axe = fs.readFileSync(path.join(kRoot, 'tests/e2e/node_modules/axe-core/axe.min.js'), 'utf8');

// No serious finding of axe. What is half faded has no contrast, so animations are given time to end.
export async function assertAccessible(page, what) {
  let serious;
  for (let attempt = 0; attempt < 4; ++attempt) {
    await page.waitForTimeout(300);
    await page.evaluate(axe);
    const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }));
    serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
    if (serious.length === 0) return;
  }
  assert.deepEqual(serious.map(({ id, nodes }) => `${id}: ${nodes[0].html}`), [], what);
}

// Every page shows in both languages, fits the smallest screen, is accessible, and the browser has nothing
// to say about it.
export async function assertPagesAreGood(t, browser, server, addresses, name = 'li') {
  for (const locale of ['zh-CN', 'en-US']) {
    const page = await signedIn(t, browser, server, { locale }, name);
    for (const address of addresses) {
      await page.show(address);
      await page.locator('h1').waitFor();
      await page.waitForLoadState('networkidle');
      const width = await page.evaluate(() => document.documentElement.scrollWidth);
      assert.ok(width <= 1366, `${address} is ${width} wide`);
      assert.equal(await page.locator('.ant-alert-error').count(), 0, address);
      await assertAccessible(page, `${address} ${locale}`);
    }
    assert.deepEqual(page.complaints, [], `${locale} ${name}`);
  }
}
