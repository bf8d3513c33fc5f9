// Segments and customers in the console: a rule in its two forms, its count, versions, members, lists, and
// the way from a number to a segment and to one customer.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { assertAccessible, assertPagesAreGood, at, reveal, settled, signedIn as signedInIn, titled } from './console.mjs';
import { eventually, launchBrowser, startWaypost } from './harness.mjs';

const kFunnel = { ask: 'funnel', range: { last: 30, unit: 'day' }, window: '7d', steps: ['product_detail', 'buy_click', 'purchase_success'], zone: 'Asia/Shanghai' };

let browser, bank;
before(async () => {
  browser = await launchBrowser();
  bank = await startWaypost(undefined, ['--customers', 500, '--days', 90, '--still', '--time-zone', 'Asia/Shanghai'], 'demo');
  await eventually('the bank is made', () => bank.log().includes('server.ready'), 120);
  await bank.addUser('li', '李娜');
  for (const [id, name_zh, eql] of [['vip', '高端客户', 'vip >= 1'], ['active', '活跃客户', 'DID(login_success) LAST 30 DAYS'], ['both', '活跃高端', 'IN SEGMENT vip AND IN SEGMENT active']]) {
    await bank.call('POST', '/v1/segments', { id, name_zh, name_en: `${id} customers`, eql });
    await bank.call('POST', `/v1/segments/${id}/run`);
  }
});
after(async () => {
  await browser.close();
  await bank.stop();
});

const signedIn = (t, options) => signedInIn(t, browser, bank, options);
const estimate = async (eql) => (await bank.call('POST', '/v1/eql/estimate', { eql })).count;
const textOf = (page) => page.locator('.eql textarea').inputValue();
const sizeIs = (page, count) => page.locator('.size b', { hasText: new RegExp(`^${count}$`) }).waitFor();

test('the pages of segments and customers are good in both languages', (t) => assertPagesAreGood(t, browser, bank, [
  '/segments', '/segments?tab=lists', '/segments?find=nothing', '/segments/new', `/segments/new?eql=${encodeURIComponent("vip >= 1 AND (DID(transfer_success, channel = 'app') LAST 30 DAYS OR SEQ(product_detail THEN WITHIN 1 DAY buy_click) LAST 60 DAYS) AND NOT IN SEGMENT active")}`,
  '/segments/vip', '/segments/vip?tab=members', '/segments/vip?tab=versions', '/segments/vip/edit', '/segments/overlap?ids=vip,active',
  '/customers', '/customers?find=C0000001', '/customers/login/C0000001', '/customers/login/C0000001?tab=attributes', '/customers/login/C0000001?tab=identities', '/customers/login/C0000001?tab=segments', '/customers/login/C0000001?tab=touches',
]));

test('what is clicked shows as text, what is typed shows as clicks, and both count the same', async (t) => {
  const page = await signedIn(t);
  await page.show('/segments/new');
  await page.getByRole('button', { name: '添加条件' }).click();
  await page.getByRole('menuitem', { name: '客户属性' }).click();
  await page.getByRole('combobox', { name: '属性' }).click();
  const found = page.locator('.ant-select-item-option-active', { hasText: '贵宾' });
  await page.keyboard.type('guibin');
  await found.waitFor();
  await page.keyboard.press('Escape');
  await found.waitFor({ state: 'hidden' });
  await page.getByRole('combobox', { name: '属性' }).click();
  await page.keyboard.type('gbdj');
  await found.waitFor();
  await page.keyboard.press('Enter');
  await page.getByRole('spinbutton', { name: '值' }).fill('1');
  await eventually('the text', async () => (await textOf(page)) === 'FIND customer WHERE vip = 1');
  await sizeIs(page, await estimate('vip = 1'));

  await page.locator('.eql textarea').fill('vip >= 1 AND DID(转账成功) LAST 30 DAYS COUNT >= 2');
  await page.locator('.leaf').nth(1).waitFor();
  const did = page.locator('.leaf').nth(1);
  await did.getByText('转账成功').waitFor();
  const whole = await estimate('vip >= 1 AND DID(transfer_success) LAST 30 DAYS COUNT >= 2'), alone = await estimate('DID(transfer_success) LAST 30 DAYS COUNT >= 2');
  await sizeIs(page, whole);
  assert.equal(await did.locator('.counts').innerText(), `${alone}\n余 ${whole}`);

  await did.getByRole('spinbutton', { name: '值' }).fill('3');
  await eventually('the text follows', async () => (await textOf(page)).endsWith('COUNT >= 3'));
  await eventually('the address follows', () => new URL(page.url()).searchParams.get('eql')?.endsWith('COUNT >= 3'));
  await page.reload();
  await page.locator('.leaf').nth(1).waitFor();
  assert.match(await textOf(page), /COUNT >= 3$/);
  assert.deepEqual(page.complaints, []);
});

test('a condition on a tag is clicked together, of the values that customers have', async (t) => {
  const page = await signedIn(t);
  await page.show('/segments/new');
  await page.getByRole('button', { name: '添加条件' }).click();
  await page.getByRole('menuitem', { name: /^标签/ }).click();
  await page.getByRole('combobox', { name: '标签' }).click();
  await page.keyboard.type('zccj');
  await page.locator('.ant-select-item-option-active', { hasText: '资产层级' }).waitFor();
  await page.keyboard.press('Enter');
  await page.getByRole('combobox', { name: '值' }).click();
  await page.locator('.ant-select-item', { hasText: '大众' }).click();
  await eventually('the text', async () => (await textOf(page)).includes('TAG(asset_tier) = '));
  const many = await estimate('TAG(asset_tier) = 大众');
  assert.ok(many > 0);
  await sizeIs(page, many);
  await page.locator('.eql textarea').fill('TAG(asset_tier) IN (大众, 财富)');
  await page.locator('.leaf .ant-select-selection-item', { hasText: '财富' }).or(page.locator('.leaf .ant-select-content-item', { hasText: '财富' })).first().waitFor();
  assert.deepEqual(page.complaints, []);
});

test('the rules of a tag are clicked together, or written, as those of a segment are', async (t) => {
  const page = await signedIn(t);
  await page.show('/tags/new');
  const rule = page.getByRole('group', { name: '规则', exact: true });
  await rule.getByText('还没有规则').waitFor();
  await settled(page);
  assert.equal(await textOf(page), '');
  await rule.getByRole('button', { name: '添加条件' }).click();
  await page.getByRole('menuitem', { name: '客户属性' }).click();
  await rule.getByRole('combobox', { name: '属性' }).click();
  await page.keyboard.type('gbdj');
  await page.locator('.ant-select-item-option-active', { hasText: '贵宾' }).waitFor();
  await page.keyboard.press('Enter');
  await rule.getByRole('spinbutton', { name: '值' }).fill('1');
  await eventually('the text', async () => (await textOf(page)) === 'vip = 1');
  await page.locator('.brief td', { hasText: new RegExp(`^${await estimate('vip = 1')}$`) }).waitFor();
  await page.locator('.eql textarea').fill('vip >= 1 AND vip <= 1');
  await rule.locator('.leaf').nth(1).waitFor();

  await page.locator('.ant-segmented-item', { hasText: '分层' }).click();
  await page.getByRole('textbox', { name: '取值 1', exact: true }).fill('高');
  await page.getByRole('button', { name: '点选规则，或改回文字 1' }).click();
  const layer = page.getByRole('group', { name: '规则 1', exact: true });
  await layer.locator('textarea').fill('vip >= 2');
  await layer.locator('.leaf').first().waitFor();
  await layer.getByRole('spinbutton', { name: '值' }).fill('1');
  await eventually('the text follows', async () => (await textOf(page)).endsWith('vip >= 1'));
  await page.getByRole('button', { name: '点选规则，或改回文字 1' }).click();
  assert.equal(await page.getByRole('textbox', { name: '规则 1', exact: true }).inputValue(), 'vip >= 1');
  await page.locator('.brief td', { hasText: new RegExp(`^${await estimate('vip >= 1')}$`) }).waitFor();
  await page.getByLabel('中文名').fill('贵宾层');
  await page.getByRole('button', { name: '保存' }).click();
  await titled(page, '贵宾层');
  const { make } = await bank.call('GET', `/v1/tags/${new URL(page.url()).pathname.split('/').pop()}`);
  assert.equal(make.layers[0].eql, 'FIND customer WHERE vip >= 1');
  assert.deepEqual(page.complaints, []);
});

test('two times to the second stand on two lines with the rest of their condition at 1366 x 768', async (t) => {
  const page = await signedIn(t);
  await page.show(`/segments/new?eql=${encodeURIComponent("DID(transfer_success) BETWEEN '2026-03-01 09:00:30' AND '2026-03-02 18:30:15' COUNT >= 2")}`);
  await page.locator('.leaf .ant-picker-range').waitFor();
  for (const language of ['English', '中文']) {
    const { height } = await page.locator('.leaf .row').first().boundingBox();
    assert.ok(height <= 70, `${height} pixels before ${language}`);
    const shown = await page.locator('.leaf .ant-picker-input input').evaluateAll((all) => all.map((one) => [one.value, one.scrollWidth <= one.clientWidth]));
    assert.deepEqual(shown, [['2026-03-01 09:00:30', true], ['2026-03-02 18:30:15', true]]);
    await page.locator('.top button', { hasText: language }).click();
  }
});

test('a fault of the text is underlined in place, and nothing can be saved', async (t) => {
  const page = await signedIn(t, { locale: 'en-US' });
  await page.show('/segments/new');
  await page.locator('.eql textarea').fill('vip >= 1 AND DID(transfr)');
  await page.locator('.eql mark', { hasText: 'transfr' }).waitFor();
  await page.getByText("line 1, column 18: there is no event 'transfr'").waitFor();
  await page.getByRole('button', { name: '中文' }).click();
  await page.getByText("第 1 行第 18 列：没有事件“transfr”").waitFor();
  await page.getByRole('button', { name: 'English' }).click();
  assert.ok(await page.getByRole('button', { name: 'Save' }).isDisabled());
});

test('a segment is made, changed, found, compared and, while it is used, kept', async (t) => {
  const page = await signedIn(t);
  await page.show('/segments/new?eql=vip%20%3D%202');
  await page.getByRole('button', { name: '保存' }).click();
  await page.getByRole('textbox', { name: '中文名' }).fill('钻石客户');
  assert.equal(await page.getByRole('textbox', { name: '编号' }).inputValue(), 'zskh');
  await assertAccessible(page, 'the drawer');
  await page.getByRole('button', { name: '保存并运行' }).click();
  await titled(page, '钻石客户');
  assert.equal((await bank.call('GET', '/v1/segments/zskh')).runs[0].count, await estimate('vip = 2'));

  await page.getByRole('button', { name: '编辑规则' }).click();
  await page.locator('.eql textarea').fill('vip >= 1');
  await sizeIs(page, await estimate('vip >= 1'));
  await page.getByRole('button', { name: '保存' }).click();
  await page.getByRole('button', { name: '保存并运行' }).click();
  await page.getByRole('tab', { name: '版本 2' }).click();
  await page.getByRole('cell', { name: 'FIND customer WHERE vip = 2' }).waitFor();
  await page.show('/segments?find=zskh');
  await page.getByRole('link', { name: '钻石客户' }).click();
  await page.getByRole('tab', { name: '成员' }).click();
  await page.locator('tbody .code').first().waitFor();

  await page.show('/segments/vip');
  await page.getByRole('button', { name: '更多操作' }).click();
  await page.getByRole('menuitem', { name: '删除' }).click();
  await page.locator('.ant-modal-confirm-title', { hasText: '正在被使用，不能删除' }).waitFor();
  await page.locator('.ant-modal').getByText('both').waitFor();
  await page.show('/segments/zskh');
  await page.getByRole('button', { name: '更多操作' }).click();
  await page.getByRole('menuitem', { name: '删除' }).click();
  await page.locator('.ant-modal').getByRole('button', { name: '删除' }).click();
  await titled(page, '客群');
  assert.ok(!(await bank.call('GET', '/v1/segments')).items.some(({ id }) => id === 'zskh'));
  assert.deepEqual(page.complaints, []);
});

test('who is behind a number of an analysis becomes a list and a segment', async (t) => {
  const page = await signedIn(t);
  const people = { ...kFunnel, customers_of: { step: 2 } };
  const { customers } = await bank.call('POST', '/v1/query', people);
  await page.show(`/customers${at(people)}`);
  await page.getByRole('button', { name: '建客群' }).click();
  await page.getByRole('textbox', { name: '编号' }).fill('clicked');
  await page.getByRole('button', { name: '下一步' }).click();
  await titled(page, '新建客群');
  await sizeIs(page, customers.count);
  assert.equal(await estimate('IN LIST clicked'), customers.count);
});

test('an upload says how many are known', async (t) => {
  const page = await signedIn(t, { locale: 'en-US' });
  await page.show('/segments');
  await page.getByRole('button', { name: 'Upload list' }).click();
  await page.locator('.ant-drawer').getByRole('textbox', { name: 'Name' }).fill('Guests');
  await page.getByPlaceholder('One on each line').fill('C0000001\nC0000002,x\nC0000002\nnobody');
  await page.getByText('3 found').waitFor();
  await page.locator('.ant-drawer').getByRole('button', { name: 'Upload list' }).click();
  await page.getByText('2 of 3 identities are known').waitFor();
  await page.locator('li', { hasText: 'nobody' }).waitFor();
});

test('a customer is found by an identity and by name, and the timeline is whole', async (t) => {
  const page = await signedIn(t);
  const customer = await bank.call('GET', '/v1/customers/login/C0000001');
  const name = customer.attributes.find((one) => one.name === 'name').value;
  const device = customer.identities.find(({ key }) => key === 'device');
  await page.show('/customers/login/C0000001');
  await titled(page, `${name.slice(0, 1)}*`);
  await reveal(page);
  await titled(page, name);
  await page.show('/customers');
  await page.getByRole('textbox', { name: '手机号' }).fill(device?.value ?? 'C0000001');
  await page.getByRole('link', { name }).waitFor();
  await page.getByRole('textbox', { name: '手机号' }).fill(name.slice(0, 1));
  await page.getByRole('link', { name, exact: true }).first().waitFor();
  await page.show('/customers/login/C0000001');
  await titled(page, name);
  const total = customer.events.reduce((sum, { count }) => sum + count, 0);
  while (await page.getByRole('button', { name: '更早的' }).isVisible()) {
    const shown = await page.locator('.session .line').count();
    await page.getByRole('button', { name: '更早的' }).click();
    await eventually('more', async () => (await page.locator('.session .line').count()) > shown);
  }
  await eventually('all events', async () => (await page.locator('.session .line').count()) === total);
  const most = customer.events.toSorted((a, b) => b.count - a.count)[0];
  await page.getByRole('combobox', { name: '只看某个事件' }).click();
  await page.keyboard.type(most.zh);
  await page.keyboard.press('Enter');
  await eventually('only these', async () => (await page.locator('.session .line').count()) === Math.min(100, most.count));
  assert.deepEqual(page.complaints, []);
});

// The last: it changes who is who.
test('a page with nothing to show has its heading all the same', async (t) => {
  const page = await signedIn(t);
  for (const [address, heading] of [['/customers/login/nobody', '客户'], ['/segments/none', '客群'], ['/tags/none', '标签'], ['/journeys/none', '旅程'], ['/analysis/dashboards/none', '看板'], ['/nowhere', '页面不存在'], ['/settings/roles', '角色']]) {
    await page.show(address);
    await settled(page);
    assert.deepEqual(await page.locator('h1').allInnerTexts(), [heading], address);
    await assertAccessible(page, address);
  }
});

test('an identity is cut off its customer, and a customer is erased once its identity is typed', async (t) => {
  const customer = (login) => bank.call('GET', `/v1/customers/login/${login}`);
  const login = await eventually('somebody with a device', async () => {
    for (let i = 1; i < 40; ++i) {
      const one = `C${String(i).padStart(7, '0')}`;
      if ((await customer(one)).identities.some(({ key }) => key === 'device')) return one;
    }
  });
  const device = (await customer(login)).identities.find(({ key }) => key === 'device').value;
  const page = await signedIn(t);
  await page.show(`/customers/login/${login}?tab=identities`);
  const row = page.locator('tr.ant-table-row', { hasText: device });
  await row.getByRole('button', { name: '为什么' }).click();
  await page.locator('ol.chain li', { hasText: login }).waitFor();
  await row.getByRole('button', { name: '拆出' }).click();
  await page.locator('.ant-modal').getByRole('button', { name: '拆出' }).click();
  await row.waitFor({ state: 'detached' });
  assert.ok(!(await customer(login)).identities.some(({ value }) => value === device));
  const { links: [cut] } = await bank.call('GET', '/v1/identity/links?limit=1');
  assert.deepEqual([cut.source, cut.outcome, cut.rule], ['console', 'cut', 'unbind']);

  await page.getByRole('button', { name: '删除客户' }).click();
  const confirm = page.locator('.ant-modal').getByRole('button', { name: '永久删除' });
  assert.ok(await confirm.isDisabled());
  await page.getByLabel('输入标识以确认').fill(login);
  await confirm.click();
  await titled(page, '客户');
  await assert.rejects(customer(login), /unknown_customer/);
  assert.deepEqual(page.complaints, []);
});
