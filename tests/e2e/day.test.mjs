// A day of each role in the demo bank, in a browser, in one language or the other: what is found, made, approved,
// sent, asked about, taken out and looked into, by the hands it belongs in.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { after, before, test } from 'node:test';
import { at, reveal, settled, signedIn as signedInIn, titled } from './console.mjs';
import { eventually, launchBrowser, startWaypost } from './harness.mjs';

const kFunnel = { ask: 'funnel', range: { last: 30, unit: 'day', include_current: true }, window: '7d', steps: ['product_detail', 'buy_click', 'purchase_success'] };
const kTeam = {
  chen: ['陈晨', ['lead']], heguan: ['何关', ['compliance']], gong: ['龚程', ['data_engineer']],
  branch: ['上海行长', ['lead'], { organisation: 'shanghai' }], an: ['安全', ['security_admin']], xi: ['系统', ['system_admin']],
};

let browser, bank, task, manager;
before(async () => {
  browser = await launchBrowser();
  bank = await startWaypost(undefined, ['--customers', 400, '--days', 60], 'demo');
  await eventually('the bank is open', () => bank.log().includes('server.ready'), 120);
  for (const [name, [title, roles, place]] of Object.entries(kTeam)) {
    await bank.addUser(name, title, roles);
    if (place) await bank.call('PUT', `/v1/users/${name}/roles`, { roles, ...place });
  }
  // Somebody has a task, whoever it is of.
  await bank.call('POST', '/v1/journeys', {
    id: 'care', name: '客户关怀', entry: { kind: 'event', on: 'asked_for_a_call' }, nodes: [{ id: 'start', type: 'entry' }, { id: 'call', type: 'send', channel: 'task', text: '请联系{{customer.name|default:"客户"}}' }, { id: 'end', type: 'exit' }],
    edges: [{ from: 'start', to: 'call' }, { from: 'call', to: 'end' }],
  });
  await bank.call('POST', '/v1/journeys/care/entries', { customer: { key: 'login', value: 'C0000002' } });
  [task] = await eventually('a task', async () => {
    const { items } = await bank.call('GET', '/v1/tasks');
    const of = items.filter(({ customer }) => customer === 'login:C0000002');
    return of.length > 0 && of;
  });
  manager = task.to.split(':')[1];
  await bank.addUser('zhou', '周敏', ['relationship_manager']);
  await bank.call('PUT', '/v1/approvals/flows/journey', { levels: [{ name: '合规', rule: 'any', people: ['heguan'] }] });
});
after(async () => {
  await browser.close();
  await bank.stop();
});

const signedIn = (t, name, options) => signedInIn(t, browser, bank, options, name);
const names = { zh: /首页/, en: /Home/ };

test('everybody comes to a page that says something', async (t) => {
  for (const name of [...Object.keys(kTeam), 'zhou']) {
    const page = await signedIn(t, name);
    await titled(page, names.zh);
    await settled(page);
    assert.ok((await page.locator('#content .panel').count()) > 0, `${name} sees an empty page`);
    assert.deepEqual(page.complaints, [], name);
  }
});

test('the security administrator ties a relationship manager to their customers', async (t) => {
  const page = await signedIn(t, 'an', { locale: 'en-US' });
  await page.show('/settings/users');
  await page.getByRole('button', { name: 'zhou', exact: true }).click();
  await page.getByLabel('Customers seen (EQL)').fill('manager =');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.locator('.ant-drawer .ant-alert').waitFor();
  await page.getByLabel('Customers seen (EQL)').fill(`manager = '${manager}'`);
  await page.getByRole('button', { name: 'Save' }).click();
  await page.locator('.ant-drawer').waitFor({ state: 'detached' });
  assert.equal((await bank.call('GET', '/v1/users/zhou')).rows, `manager = '${manager}'`);
});

test('the relationship manager finds own customers and tasks, and nobody else’s', async (t) => {
  const page = await signedIn(t, 'zhou');
  await page.locator('.panel', { hasText: '待办任务' }).getByRole('link', { name: 'C0000002' }).waitFor();
  await page.show('/customers');
  await page.getByRole('columnheader', { name: '客户经理' }).waitFor();
  const managers = new Set(await page.locator('tbody tr.ant-table-row td:nth-child(5)').allInnerTexts());
  assert.deepEqual([...managers], [manager]);
  await page.show('/tasks');
  await reveal(page);
  const row = page.locator('tr', { has: page.getByRole('link', { name: 'C0000002', exact: true }) });
  await row.getByRole('button', { name: '接受' }).click();
  await page.locator('.ant-modal').getByRole('button', { name: '接受' }).click();
  await row.getByText('进行中').waitFor();
  await row.getByRole('button', { name: '完成' }).click();
  await page.locator('.ant-modal').getByRole('button', { name: '完成' }).click();
  await row.waitFor({ state: 'detached' });
  await page.show('/customers/login/C0000002?tab=touches');
  await page.getByText('客户关怀').first().waitFor();
  await page.show('/segments/wealthy?tab=members');
  await page.getByText(/^共 \d+ 位$/).waitFor();
  assert.deepEqual(page.complaints, []);
});

test('the operations manager clicks a segment together, sees its portrait and takes it out', async (t) => {
  const page = await signedIn(t, 'chen', { acceptDownloads: true });
  await page.show('/customers');
  await page.locator('tbody tr.ant-table-row').nth(5).waitFor();
  await page.show('/segments/new');
  await page.getByRole('button', { name: '添加条件' }).click();
  await page.getByRole('menuitem', { name: '客户属性' }).click();
  await page.getByRole('combobox', { name: '属性' }).click();
  await page.keyboard.type('gbdj');
  await page.locator('.ant-select-item-option-active', { hasText: '贵宾' }).waitFor();
  await page.keyboard.press('Enter');
  await page.getByRole('spinbutton', { name: '值' }).fill('1');
  await page.getByRole('button', { name: '保存' }).click();
  await page.getByRole('textbox', { name: '中文名' }).fill('一级贵宾');
  await page.getByRole('button', { name: '保存并运行' }).click();
  await titled(page, '一级贵宾');
  const { id, runs: [{ count }] } = await bank.call('GET', '/v1/segments/yjgb');
  await page.getByRole('button', { name: '更多操作' }).click();
  await page.getByRole('menuitem', { name: '导出' }).click();
  const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: '下载', exact: true }).click()]);
  assert.equal(file.suggestedFilename(), '一级贵宾.csv');
  const text = fs.readFileSync(await file.path(), 'utf8'), lines = text.trim().split(/\r?\n/);
  assert.equal(text.charCodeAt(0), 0xfeff, 'Excel reads it as UTF-8');
  assert.equal(lines.length, count + 1);
  assert.ok(!lines[0].split(',').includes('name'), 'what is masked is not in it');
  await page.locator('.ant-drawer').getByRole('button', { name: '关闭' }).last().click();
  await page.getByRole('button', { name: '画像' }).click();
  await titled(page, '画像');
  await page.locator('section h2').nth(1).waitFor();
  const { records } = await bank.call('GET', '/v1/audit?limit=20');
  const exported = records.find(({ what, who, target }) => what === 'segment.exported' && who === 'chen' && target.includes(id));
  const { rows, bytes, attributes, masked } = JSON.parse(exported.detail);
  assert.deepEqual([rows, masked], [count, true]);
  assert.ok(bytes > 0 && (attributes === 'all' || attributes.length > 0), exported.detail);
  assert.deepEqual(page.complaints, []);
});

test('a funnel goes to a dashboard, and a tag is certified', async (t) => {
  const page = await signedIn(t, 'chen', { locale: 'en-US' });
  await page.show('/analysis/dashboards');
  await page.getByRole('button', { name: 'New dashboard' }).first().click();
  await page.locator('.ant-drawer').getByLabel('Name').fill('Morning');
  await page.keyboard.press('Enter');
  await titled(page, 'Morning');
  await page.show(`/analysis/funnel${at(kFunnel)}`);
  await page.locator('.funnel .step').nth(2).waitFor();
  await page.getByRole('button', { name: 'Save' }).click();
  await page.locator('.ant-drawer').getByLabel('Name').fill('From looking to buying');
  await page.locator('.ant-drawer').getByRole('combobox').click();
  await page.locator('.ant-select-item', { hasText: 'Morning' }).click();
  await page.locator('.ant-drawer-title').click();
  await page.locator('.ant-drawer').getByRole('button', { name: 'Save' }).click();
  await page.locator('.ant-drawer').waitFor({ state: 'detached' });
  await page.show('/analysis/dashboards');
  await page.getByRole('link', { name: 'Morning' }).click();
  await page.getByRole('article', { name: 'From looking to buying' }).locator('.step').first().waitFor();

  await bank.call('POST', '/v1/tags', { id: 'often', name_zh: '常客', name_en: 'Often here', owner: '陈晨', make: { kind: 'rule', eql: 'DID(login_success) LAST 7 DAYS COUNT >= 3' } });
  const other = await signedIn(t, 'heguan', { locale: 'en-US' });
  for (const [who, step] of [[page, 'Submit'], [other, 'Certify'], [page, 'Launch']]) {
    await who.show('/tags/often');
    await who.getByRole('button', { name: new RegExp(step) }).click();
    await who.locator('.ant-modal').getByRole('button', { name: new RegExp(step) }).click();
    await who.locator('.ant-modal').waitFor({ state: 'hidden' });
  }
  assert.equal((await bank.call('GET', '/v1/tags/often')).state, 'live');
  assert.deepEqual([page.complaints, other.complaints], [[], []]);
});

test('a journey is changed, asked for, approved by compliance and published; its numbers and its reasons are shown', async (t) => {
  const page = await signedIn(t, 'chen');
  await page.show('/journeys/salary-day?view=design');
  await page.locator('[data-id="easy"]').click();
  // All of it is on the page that it opens on.
  const box = await page.locator('.react-flow').boundingBox();
  for (const id of ['start', 'end']) {
    const card = await page.locator(`[data-id="${id}"]`).boundingBox();
    assert.ok(card.x >= box.x && card.x + card.width <= box.x + box.width && card.y + card.height <= box.y + box.height, id);
  }
  await page.getByRole('textbox', { name: '内容' }).fill('工资到账了，看看日日金');
  await page.getByRole('button', { name: '发布' }).click();
  await page.locator('.ant-modal').getByRole('button', { name: '发布' }).click();
  await page.locator('.ant-modal').getByRole('button', { name: '发起审批' }).click();
  await titled(page, '审批');

  const other = await signedIn(t, 'heguan');
  await other.locator('.panel', { hasText: '等我审批' }).getByRole('link', { name: '发薪日理财' }).click();
  await other.locator('.changes .in', { hasText: '看看日日金' }).waitFor();
  await other.getByLabel('意见').fill('合规');
  await other.getByRole('button', { name: '通过', exact: true }).click();
  await other.locator('.ant-drawer .levels').getByText('合规').first().waitFor();
  await eventually('approved', async () => (await bank.call('GET', '/v1/approvals/journey/salary-day')).state === 'approved');

  await page.show('/journeys/salary-day?view=design');
  await page.getByRole('button', { name: '发布' }).click();
  await page.locator('.ant-modal').getByRole('button', { name: '发布' }).click();
  await eventually('version 2', async () => (await bank.call('GET', '/v1/journeys/salary-day')).version === 2);

  // Why did this customer get this message?
  await other.show('/journeys/care?view=why&who=login%3AC0000002');
  await other.locator('.side').getByText('进入').first().waitFor();
  await other.show('/settings/audit?find=chen');
  await other.getByRole('cell', { name: '旅程发布' }).first().waitFor();
  assert.deepEqual([page.complaints.filter((text) => !text.includes('409')), other.complaints], [[], []]);
});

test('the branch manager sees the branch, and the data engineer what comes in', async (t) => {
  const page = await signedIn(t, 'branch', { locale: 'en-US' });
  await page.show('/customers');
  await page.getByRole('columnheader', { name: 'City' }).waitFor();
  assert.deepEqual([...new Set(await page.locator('tbody tr.ant-table-row td:nth-child(3)').allInnerTexts())], ['上海市']);
  await page.show('/segments/wealthy');
  await page.getByText('You see your own customers only').waitFor();
  const other = await signedIn(t, 'gong');
  await other.show('/data/live');
  await other.locator('tbody tr.ant-table-row').nth(3).waitFor();
  await other.show('/data/tables/holding');
  await titled(other, '持仓');
  assert.deepEqual([page.complaints, other.complaints], [[], []]);
});

test('the system administrator makes a user, and the security administrator sees who waits for a role', async (t) => {
  const page = await signedIn(t, 'xi');
  await page.show('/settings/users');
  await page.getByRole('button', { name: '新建用户' }).click();
  await page.locator('.ant-drawer').getByLabel('用户名').fill('xinren');
  await page.locator('.ant-drawer').getByLabel('姓名').fill('新人');
  await page.getByRole('button', { name: '保存', exact: true }).click();
  await page.getByText('密码只显示这一次').waitFor();
  const other = await signedIn(t, 'an');
  await other.locator('.panel li', { hasText: '还没有角色' }).getByText('新人').waitFor();
  assert.deepEqual([page.complaints, other.complaints], [[], []]);
});
