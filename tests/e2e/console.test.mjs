// The console in a real browser, against a real server with the demo bank: what a newcomer does first.
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { schemaSource } from '../../web/generate.mjs';
import { assertPagesAreGood, at, openPage as openPageIn, signedIn as signedInIn, titled } from './console.mjs';
import { eventually, kPassword, kRoot, kWriteKey, launchBrowser, startWaypost } from './harness.mjs';

const kFunnel = { ask: 'funnel', range: { last: 30, unit: 'day' }, window: '7d', steps: ['product_detail', 'buy_click', 'purchase_success'], times: true };
// By who may see them.
const kPages = {
  li: [
    '/', '/data/live', '/data/plan', '/data/plan?tab=properties', '/data/plan?tab=report', '/data/quarantine', '/data/sources', '/customers',
    '/analysis/trends', '/analysis/funnel', '/analysis/retention', '/settings/users',
  ],
  qian: ['/', '/settings/audit'],
  sun: ['/settings/users', '/settings/roles', '/settings/organisations', '/settings/flows', '/settings/keys'],
};

let browser, bank;
before(async () => {
  browser = await launchBrowser();
  bank = await startWaypost(undefined, ['--customers', 500, '--days', 90, '--still', '--time-zone', 'Asia/Shanghai'], 'demo');
  await eventually('the bank is made', () => bank.log().includes('server.ready'), 120);
  await bank.addUser('li', '李娜');
  await bank.addUser('qian', '钱进', ['auditor']);
  await bank.addUser('sun', '孙立', ['security_admin']);
});
after(async () => {
  await browser.close();
  await bank.stop();
});

const openPage = (t, server, options) => openPageIn(t, browser, server, options);
const signedIn = (t, server, options, name, how) => signedInIn(t, browser, server, options, name, how);

// A server may have learnt more since; all that the console was made for must still be so.
test('the types of the console are those of the server', async () => {
  const document = await (await fetch(`${bank.base}/v1/openapi.json`)).json();
  const written = fs.readFileSync(path.join(kRoot, 'web/src/api/schema.ts'), 'utf8').split('\n').filter((line) => line !== '');
  const served = schemaSource(document).split('\n');
  const words = (line) => line.match(/[\w'/{}?]+/g) ?? [];
  for (const line of written) {
    const same = served.filter((other) => other.startsWith(line.slice(0, line.search(/[=:.]|$/) + 1)));
    const holds = same.some((other) => words(line).every((word) => words(other).includes(word)));
    assert.ok(holds, `${line}\nis now\n${same.join('\n')}\nrun: node web/generate.mjs ADDRESS of a server of this tree`);
  }
});

test('a wrong password is refused in words, the right one signs in by keyboard alone, and signing out ends it', async (t) => {
  const page = await openPage(t, bank);
  await page.show('/analysis/funnel');
  await page.locator('input[type=password]').waitFor();
  await page.keyboard.type('li');
  await page.keyboard.press('Tab');
  await page.keyboard.type('wrong');
  await page.keyboard.press('Enter');
  await page.getByText('用户名或密码不对').waitFor();
  assert.deepEqual(page.complaints.filter((text) => !text.includes('401')), []);
  await page.keyboard.press('Control+A');
  await page.keyboard.type(kPassword);
  await page.keyboard.press('Enter');
  await titled(page, '漏斗');
  const cookies = await page.context().cookies();
  assert.deepEqual(cookies.map(({ httpOnly, sameSite }) => [httpOnly, sameSite]), [[true, 'Strict']]);

  await page.getByRole('button', { name: '李娜' }).click();
  await page.getByText('退出登录').click();
  await page.locator('input[type=password]').waitFor();
  await page.context().addCookies(cookies);
  const answer = await page.evaluate(async () => (await fetch('/v1/plan')).status);
  assert.equal(answer, 401, 'the cookie of a session that ended');
});

test('a first password is changed before anything else, and the pages are those of the roles', async (t) => {
  const { password } = await bank.call('POST', '/v1/users', { name: 'zhao', title: '赵敏' });
  await bank.call('PUT', '/v1/users/zhao/roles', { roles: ['auditor'] });
  const page = await openPage(t, bank);
  await page.show('/');
  await page.locator('input[autocomplete=username]').fill('zhao');
  await page.locator('input[type=password]').fill(password);
  await page.keyboard.press('Enter');
  await page.getByText('请先换成只有您知道的密码').waitFor();
  await page.getByLabel('当前密码').fill(password);
  await page.getByLabel('新密码', { exact: true }).fill(kPassword);
  await page.getByLabel('再次输入新密码').fill(kPassword);
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: '赵敏' }).waitFor();
  const shown = await page.locator('.navigation').innerText();
  assert.match(shown, /审计日志/);
  assert.doesNotMatch(shown, /漏斗|客户|数据源/);
  await page.show('/data/sources');
  await page.getByText('这个页面需要“查看数据源”权限，您还没有').waitFor();
  await page.show('/settings/audit?find=zhao');
  await page.getByText('密码更改').waitFor();
  assert.deepEqual(page.complaints, []);
});

test('one administrator makes a user, another says what the user may do and see', async (t) => {
  const page = await signedIn(t, bank);
  await page.show('/settings/users');
  await page.getByRole('button', { name: '新建用户' }).click();
  await page.locator('.ant-drawer').getByLabel('用户名', { exact: true }).fill('zhou');
  await page.locator('.ant-drawer').getByLabel('姓名').fill('周舟');
  await page.getByRole('button', { name: '保存' }).click();
  await page.getByText('“zhou”的密码').waitFor();
  const first = await page.locator('.secret').innerText();
  assert.match(first, /^[A-Za-z0-9]{5}(-[A-Za-z0-9]{5}){3}$/);
  await page.getByRole('button', { name: '已妥善保存' }).click();
  await page.getByRole('row', { name: /zhou/ }).getByText('未授权').waitFor();

  const security = await signedIn(t, bank, {}, 'sun');
  await security.show('/settings/organisations');
  await security.getByRole('button', { name: '新建机构' }).first().click();
  await security.locator('.ant-drawer').getByLabel('编号').fill('east');
  await security.locator('.ant-drawer').getByLabel('中文名').fill('华东分行');
  await security.locator('.ant-drawer').getByLabel('可见客户（EQL）').fill('branch =');
  await security.getByRole('button', { name: '保存' }).click();
  await security.getByText(/第 1 行第 \d+ 列：这里应为/).waitFor();
  await security.locator('.ant-drawer').getByLabel('可见客户（EQL）').fill('branch = 上海');
  await security.getByRole('button', { name: '保存' }).click();
  await security.getByRole('button', { name: '华东分行' }).waitFor();
  await security.show('/settings/users?find=zhou');
  await security.getByRole('button', { name: 'zhou', exact: true }).click();
  await security.locator('.ant-drawer').getByLabel('角色').click();
  await security.locator('.ant-select-item', { hasText: '分析人员' }).click();
  await security.locator('.ant-drawer-title').click();
  await security.locator('.ant-drawer').getByLabel('机构').click();
  await security.locator('.ant-select-item', { hasText: '华东分行' }).click();
  await security.getByRole('button', { name: '保存' }).click();
  await security.getByRole('row', { name: /zhou.*分析人员.*华东分行/ }).waitFor();
  const { roles, organisation } = await bank.call('GET', '/v1/users/zhou');
  assert.deepEqual([roles, organisation], [['analyst'], 'east']);
  assert.deepEqual([page.complaints, security.complaints.filter((text) => !text.includes('400'))], [[], []]);
});

// What an authenticator app shows (RFC 6238).
function appCode(base32, now = Date.now()) {
  const bits = [...base32].map((c) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(c).toString(2).padStart(5, '0')).join('');
  const secret = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigInt64BE(BigInt(Math.floor(now / 30_000)));
  const mac = crypto.createHmac('sha1', secret).update(counter).digest();
  return String((mac.readUInt32BE(mac[19] & 15) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

test('a person sets up a second factor and is asked for it from then on', async (t) => {
  await bank.addUser('feng', '冯晨', ['analyst']);
  const page = await signedIn(t, bank, {}, 'feng');
  await page.getByRole('button', { name: '冯晨' }).click();
  await page.getByText('双因素验证').click();
  const secret = await page.locator('.secret').innerText();
  await page.getByLabel('动态验证码').fill(appCode(secret));
  await page.getByRole('button', { name: '启用' }).click();
  await page.getByText('双因素验证已启用').waitFor();
  const recovery = await page.locator('.recovery div').first().innerText();

  const again = await signedIn(t, bank, {}, 'feng', 'form');
  await again.getByLabel('动态验证码').fill('000000');
  await again.keyboard.press('Enter');
  await again.getByText('验证码不对').waitFor();
  await again.getByLabel('动态验证码').fill(recovery);
  await again.keyboard.press('Enter');
  await again.getByRole('button', { name: '冯晨' }).waitFor();
});

test('every page in both languages fits 1366 x 768, is accessible, makes no complaint and breaks no policy', async (t) => {
  for (const [name, addresses] of Object.entries(kPages)) await assertPagesAreGood(t, browser, bank, addresses, name);
});

test('a funnel is asked, a bar opens exactly its customers, and back comes back', async (t) => {
  const page = await signedIn(t, bank);
  await page.show('/analysis/funnel');
  await page.getByText('将读取').waitFor();
  const { everyone } = await bank.call('POST', '/v1/query', { ...kFunnel, zone: 'Asia/Shanghai' });
  const [, clicked, bought] = everyone.steps.map(({ count }) => count);
  await page.getByRole('button', { name: `点击购买 到达 ${clicked}` }).click();
  await titled(page, `${clicked} 位客户`);
  await page.goBack();
  await page.getByRole('button', { name: `购买成功 流失 ${clicked - bought}` }).click();
  await titled(page, `${clicked - bought} 位客户`);
  await page.getByText('止步于第 2 步“点击购买”的客户').waitFor();

  const { customers } = await bank.call('POST', '/v1/query', { ...kFunnel, zone: 'Asia/Shanghai', customers_of: { step: 2, dropped: true } });
  const shown = await page.locator('tbody .code').allTextContents();
  assert.deepEqual(shown, customers.names.slice(0, 20).map((name) => name.slice(name.indexOf(':') + 1)));
});

test('the address holds the question: what is changed and asked is there after a reload, in any language', async (t) => {
  const page = await signedIn(t, bank);
  await page.show(`/analysis/funnel${at(kFunnel)}`);
  await page.getByRole('button', { name: '移除' }).last().click();
  await page.getByText('条件已更改').waitFor();
  await page.getByRole('button', { name: '查询' }).click();
  await eventually('the address has two steps', () => JSON.parse(new URL(page.url()).searchParams.get('q')).steps.length === 2);
  await page.reload();
  await page.locator('.funnel .step').nth(1).waitFor();
  assert.equal(await page.locator('.funnel .step').count(), 2);

  await page.getByRole('button', { name: 'English' }).click();
  await titled(page, 'Funnel');
  assert.equal(await page.evaluate(() => document.documentElement.lang), 'en');
  await page.reload();
  await titled(page, 'Funnel');
  await page.locator('.funnel .step').nth(1).waitFor();
  assert.equal(await page.locator('.funnel .step').count(), 2);
});

test('a question that cannot be answered is refused at its place, before it is asked', async (t) => {
  const page = await signedIn(t, bank, { locale: 'en-US' });
  await page.show(`/analysis/funnel${at({ ...kFunnel, steps: ['product_detail', 'no_such_event'] })}`);
  const fault = page.locator('.builder .indexed').nth(1).getByRole('alert');
  await fault.waitFor();
  assert.match(await fault.textContent(), /there is no 'no_such_event'/);
  assert.equal(await page.locator('.builder .indexed').nth(0).getByRole('alert').count(), 0);
  assert.ok(await page.getByRole('button', { name: 'Ask' }).isDisabled());
});

test('Ctrl K finds a page by pinyin initials and an event by its Chinese name', async (t) => {
  const page = await signedIn(t, bank);
  await page.keyboard.press('Control+K');
  await page.getByRole('combobox', { name: '搜索' }).fill('mdfa');
  await page.keyboard.press('Enter');
  await titled(page, '埋点方案');
  await page.keyboard.press('Control+K');
  await page.getByRole('combobox', { name: '搜索' }).fill('转账成功');
  await page.keyboard.press('Enter');
  await titled(page, '趋势');
  await page.getByText('转账成功 · 次数').first().waitFor();
});

test('a cell of the retention and a point in time open as many customers as they say', async (t) => {
  const page = await signedIn(t, bank);
  await page.show('/analysis/retention');
  const cell = page.locator('.retention tbody tr').nth(1).locator('button.cell').first();
  const count = (await cell.getAttribute('title')).split(' / ')[0];
  await cell.click();
  await titled(page, `${count} 位客户`);
  await page.show('/analysis/trends');
  const number = page.locator('tbody .link-number').first();
  const people = await number.textContent();
  await number.click();
  await titled(page, `${people} 位客户`);
});

test('names of the tracking plan are edited and used at once', async (t) => {
  const page = await signedIn(t, bank);
  await page.show('/data/plan?find=bill_query');
  await page.getByRole('button', { name: '编辑 bill_query' }).click();
  await page.getByRole('textbox', { name: '中文名' }).fill('查账单');
  await page.getByRole('button', { name: '保存' }).click();
  await page.getByText('已保存“bill_query”').waitFor();
  await page.getByRole('cell', { name: '查账单' }).waitFor();
  const auditor = await signedIn(t, bank, {}, 'qian');
  await auditor.show('/settings/audit?find=plan.changed');
  await auditor.getByRole('cell', { name: 'PATCH /v1/plan' }).first().waitFor();
  const { events } = await bank.call('GET', '/v1/plan');
  const { zh, en } = events.find(({ name }) => name === 'bill_query');
  assert.equal(zh, '查账单');
  assert.ok(en, 'the English name stays');
});

test('the first run ticks itself, and what is collected is never run as a page', async (t) => {
  const server = await startWaypost();
  t.after(server.stop);
  await server.addUser('li', '李娜');
  const page = await signedIn(t, server);
  await page.getByText('发送第一条事件').waitFor();
  await page.getByText(kWriteKey).first().waitFor();
  assert.equal(await page.locator('.steps .done').count(), 0);

  const hostile = '<img src=x onerror="document.title=\'run\'">';
  const sent = await fetch(`${server.base}/v1/events`, {
    method: 'POST', headers: { authorization: `Basic ${btoa(`${kWriteKey}:`)}` },
    body: JSON.stringify([{ event: hostile, distinct_id: hostile, properties: { [hostile.slice(0, 20)]: hostile, '城市': '上海' } }]),
  });
  assert.equal((await sent.json()).accepted, 1);
  await page.locator('.steps .done', { hasText: '发送第一条事件' }).waitFor();
  await page.locator('.steps .done', { hasText: '认识第一位客户' }).waitFor();
  const trends = { ask: 'trends', range: { last: 7, unit: 'day', include_current: true }, interval: 'day', measures: [{ name: 'm1', of: hostile, measure: 'count' }] };
  for (const address of ['/data/live', '/data/plan', '/data/plan?tab=properties', '/analysis/funnel', `/analysis/trends${at(trends)}`]) {
    await page.show(address);
    await page.getByText('<img src=x').first().waitFor();
    assert.notEqual(await page.title(), 'run', address);
  }
  assert.deepEqual(page.complaints, []);
});
