// Imports, health, tasks, message rules and rules of identities in a real browser: what people do at their desks;
// and that a list stays as it was left.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { assertAccessible, reveal, sendPeople, settled, signedIn as signedInIn, titled } from './console.mjs';
import { eventually, kWriteKey, launchBrowser, startWaypost } from './harness.mjs';

let browser, server;
before(async () => {
  browser = await launchBrowser();
  server = await startWaypost();
  await sendPeople(server);
  await server.call('PATCH', '/v1/plan', { properties: [{ name: 'city', class: 'C1', zh: '城市', en: 'City' }] });
  await server.addUser('li', '李娜');
});
after(async () => {
  await browser.close();
  await server.stop();
});

const signedIn = (t, options, name) => signedInIn(t, browser, server, options, name);

test('a file of events is imported, says how far it is, and counts once', async (t) => {
  await server.addUser('engineer', '陈工', ['data_engineer']);
  const page = await signedIn(t, {}, 'engineer');
  const text = ['user_id,事件,时间,amount,note', ...Array.from({ length: 1_200 }, (_, i) => `imported${i % 40},imported_pay,2026-01-0${1 + (i % 9)} 09:30,${i / 10},"a, b"`), 'imported0,,2026-01-01,1,x'].join('\n');
  const count = async (eql) => (await server.call('POST', '/v1/eql/estimate', { eql })).count;
  for (let again = 0; again < 2; ++again) {
    await page.show('/data/live');
    await page.getByRole('button', { name: '导入文件' }).click();
    await page.locator('input[type=file]').setInputFiles({ name: 'events.csv', mimeType: 'text/csv', buffer: Buffer.from(text) });
    await page.getByText('其余列是事件属性：amount、note').waitFor();
    if (again === 0) await assertAccessible(page, 'importing');
    await page.getByRole('button', { name: '开始导入' }).click();
    await page.getByText('1,201 行中 1,200 行已导入。').waitFor();
    await page.getByText('1 处不合规，已进隔离区。').waitFor();
    await eventually('all is applied', async () => (await count('DID(imported_pay) COUNT >= 30')) === 40);
    assert.equal(await count('DID(imported_pay) COUNT > 30'), 0);
    assert.equal(await count('DID(imported_pay, amount >= 119.9)'), 1);
    assert.equal(await count("DID(imported_pay) BETWEEN '2026-01-09' AND '2026-01-09'"), 40);
  }
  assert.deepEqual(page.complaints, []);
});

test('how the server and its storage are is shown, and what is asked of it', async (t) => {
  await server.addUser('keeper', '王强', ['system_admin']);
  const page = await signedIn(t, {}, 'keeper');
  await page.show('/settings/health?find=session');
  await titled(page, '存储与健康');
  await page.getByText('服务正常，数据完整。').waitFor();
  assert.match(await page.locator('dl.pairs').innerText(), /已存事件\s+[\d,.万]+/);
  await page.getByRole('cell', { name: '/v1/session', exact: true }).waitFor();
  await page.route('**/readyz', (route) => route.fulfill({ status: 503, json: { status: 'not_ready', reasons: ['storage_full', 'clock_insane'] } }));
  await page.reload();
  await page.getByText(/磁盘已满，暂停接收数据/).waitFor();
  await page.getByRole('button', { name: '时间无误' }).click();
  await page.getByRole('dialog').getByText(/现在的时间对吗/).last().waitFor();
  assert.deepEqual(page.complaints.filter((text) => !text.includes('503')), []);
});

test('a relationship manager accepts a task with a note, and what is done moves the journey on', async (t) => {
  await server.addUser('zhoumin', '周敏', ['relationship_manager']);
  await server.call('PUT', '/v1/channels/task', { name: 'task', kind: 'tasks' });
  await server.call('PUT', '/v1/journeys/messages/policy', { channels: [{ name: 'task', to: [{ attribute: 'city' }] }] });
  await server.call('POST', '/v1/journeys', {
    id: 'care', name: '到期续接', entry: { kind: 'api' }, nodes: [{ id: 'start', type: 'entry' }, { id: 'ask', type: 'send', channel: 'task', time_to_live: '7d', text: '请联系{{customer.name}}' },
      { id: 'answer', type: 'wait_event', branches: [{ outcome: 'done', receipt: 'replied' }], timeout: '7d' }, { id: 'end', type: 'exit' }],
    edges: [{ from: 'start', to: 'ask' }, { from: 'ask', to: 'answer' }, { from: 'answer', when: 'done', to: 'end' }, { from: 'answer', when: 'timeout', to: 'end' }],
  });
  for (const value of ['u0', 'u1']) await server.call('POST', '/v1/journeys/care/entries', { customer: { key: 'login', value } });
  await eventually('two tasks', async () => (await server.call('GET', '/v1/tasks')).counts.waiting === 2);
  await assert.rejects(server.call('POST', '/v1/channels/task/test', { address: '13800000000', text: 'x' }), /409.*请在旅程中试走/, 'no task is told to be there that is not');
  const page = await signedIn(t, {}, 'zhoumin');
  await page.locator('.panel', { hasText: '待办任务 2' }).getByText('请联系').first().waitFor();
  await page.locator('.panel', { hasText: '我的客户' }).getByText(/^(look|pay) · /).first().waitFor();
  await page.show('/tasks');
  const row = page.locator('tr', { has: page.getByRole('link', { name: 'u0', exact: true }) });
  await row.getByText('请联系****').waitFor();
  await reveal(page);
  await row.getByText('请联系客户0').waitFor();
  await row.getByText('上海').waitFor();
  await row.getByRole('button', { name: '接受' }).click();
  await page.getByLabel('备注').fill('周五来网点');
  await page.locator('.ant-modal').getByRole('button', { name: '接受' }).click();
  await row.getByText('zhoumin · 周五来网点').waitFor();
  assert.equal(await row.getByRole('button', { name: '拒绝' }).count(), 0, 'what was accepted is not refused');
  await row.getByRole('button', { name: '完成' }).click();
  await page.locator('.ant-modal').getByRole('button', { name: '完成' }).click();
  await row.waitFor({ state: 'detached' });
  await page.locator('tr', { has: page.getByRole('link', { name: 'u1', exact: true }) }).getByRole('button', { name: '拒绝' }).click();
  await page.locator('.ant-modal').getByRole('button', { name: '拒绝' }).click();
  await page.getByText('拒绝时请写明原因').waitFor();
  await page.getByLabel('备注').fill('已离职');
  await page.locator('.ant-modal').getByRole('button', { name: '拒绝' }).click();
  await page.getByText('这里没有任务。').waitFor();
  const { nodes } = await server.call('GET', '/v1/journeys/care');
  assert.equal(nodes.find(({ id }) => id === 'answer').out.done, 1);
  assert.deepEqual((await server.call('GET', '/v1/tasks')).counts, { done: 1, refused: 1 });
  assert.deepEqual(page.complaints, []);
});

test('all sending is stopped and released, the rules are changed, and a consent stands in the ledger', async (t) => {
  const page = await signedIn(t);
  await page.show('/messages/policy');
  await page.getByRole('button', { name: '全部停发' }).click();
  await page.locator('.ant-modal').getByRole('button', { name: '全部停发' }).click();
  await page.getByText('没有任何消息会发出，直到恢复。').waitFor();
  assert.equal((await server.call('GET', '/v1/journeys/messages/policy')).held, true);
  await page.getByRole('button', { name: '恢复发送' }).click();
  await page.locator('.ant-modal').getByRole('button', { name: '恢复发送' }).click();
  await page.getByText('没有任何消息会发出，直到恢复。').waitFor({ state: 'detached' });
  await page.getByRole('button', { name: '修改规则' }).click();
  const drawer = page.locator('.ant-drawer');
  await drawer.getByRole('button', { name: '添加上限' }).click();
  await drawer.getByLabel('上限 1 名称').fill('每日两条');
  await drawer.getByLabel('上限 1 最多').fill('2');
  await drawer.getByLabel('上限 1 时长', { exact: true }).fill('');
  await drawer.getByRole('button', { name: '添加时段' }).first().click();
  await drawer.getByRole('button', { name: '保存' }).click();
  await drawer.locator('.ant-alert', { hasText: 'caps' }).waitFor();
  await assertAccessible(page, 'the rules as a form');
  await drawer.getByLabel('上限 1 时长', { exact: true }).fill('24');
  await drawer.getByRole('button', { name: '添加类别' }).click();
  const choose = async (field, option) => {
    await drawer.getByRole('combobox', { name: field }).click();
    await page.locator('.ant-select-dropdown:visible .ant-select-item-option', { hasText: option }).click();
  };
  await choose('例外的类别 1 类别', '服务');
  await choose('例外的类别 1 怎么处理', '不受上限，但计入');
  await drawer.getByRole('combobox', { name: '机构属性' }).fill('city');
  await page.keyboard.press('Enter');
  await drawer.getByRole('button', { name: 'plus 添加机构', exact: true }).click();
  await drawer.getByLabel('机构时区 1 机构').fill('香港');
  await drawer.getByRole('combobox', { name: '机构时区 1 时区' }).fill('Hong_Kong');
  await page.keyboard.press('Enter');
  await drawer.getByText('高级（文档）').click();
  const { channels: _, ...said } = JSON.parse(await page.getByRole('textbox', { name: '规则文档' }).inputValue());
  assert.deepEqual(said, { caps: [{ name: '每日两条', limit: 2, rolling: '24h' }], quiet: [{ from: '22:00', to: '08:00' }], uncapped: [{ category: 'service', counts: true }], units: { attribute: 'city', zones: [{ unit: '香港', zone: 'Asia/Hong_Kong' }] } });
  await drawer.getByRole('button', { name: '保存' }).click();
  await page.locator('tr', { hasText: '每日两条' }).getByText('任意连续 24 小时').waitFor();
  await page.getByText('22:00–08:00').waitFor();
  await page.getByText('服务：不受上限，但计入').waitFor();
  await page.getByText('香港 Asia/Hong_Kong').waitFor();

  await page.show('/messages/consent');
  await page.getByLabel('标识', { exact: true }).fill('u3');
  await page.keyboard.press('Enter');
  await page.getByText('这位客户没有表过态。').waitFor();
  await page.getByRole('button', { name: '登记拒绝' }).click();
  await page.locator('.ant-modal').getByRole('button', { name: '登记拒绝' }).click();
  await page.locator('tr', { hasText: '所有渠道 · 营销' }).getByText('li', { exact: true }).waitFor();
  await page.getByText('1 位客户表过态').waitFor();
  assert.deepEqual((await server.call('GET', '/v1/journeys/messages/consent/login/u3')).consents, [{ channel: '*', purpose: 'marketing', allowed: false }]);
  assert.deepEqual(page.complaints.filter((text) => !text.includes('422') && !text.includes('400')), []);
});

test('a rule of identities is tried, says whom it would merge, and is saved just so', async (t) => {
  const batch = ['u230', 'u231'].map((login) => ({ event: 'look', distinct_id: login, identities: { $identity_login_id: login, $identity_mobile: '13800000001' } }));
  await fetch(`${server.base}/v1/events`, { method: 'POST', headers: { authorization: `Basic ${btoa(`${kWriteKey}:`)}` }, body: JSON.stringify(batch) });
  await eventually('they are kept apart', async () => (await server.call('GET', '/v1/identity/conflicts')).count === 1);
  const page = await signedIn(t);
  await page.show('/data/identity');
  await page.locator('tr', { hasText: '登录号' }).getByText('只能一个').waitFor();
  await page.locator('tr', { hasText: 'u231' }).getByText('合并后某类标识会超过每位客户可有的个数').waitFor();
  await page.getByRole('button', { name: '修改 login' }).click();
  const drawer = page.locator('.ant-drawer');
  await drawer.getByLabel('每位客户可有').fill('2');
  assert.ok(await drawer.getByRole('button', { name: '保存' }).isDisabled(), 'what was not tried is not saved');
  await drawer.getByRole('button', { name: '试算' }).click();
  await drawer.getByText('将合并 1 位客户').waitFor();
  await drawer.getByRole('link', { name: 'login u231' }).waitFor();
  await drawer.getByRole('button', { name: '保存' }).click();
  await page.locator('.ant-modal').getByText('将合并 1 位客户').waitFor();
  await page.locator('.ant-modal').getByRole('button', { name: '保存' }).click();
  await page.locator('tr', { hasText: '登录号' }).getByText('最多 2 个').waitFor();
  assert.deepEqual((await server.call('GET', '/v1/customers/login/u231')).known_by, { key: 'login', value: 'u230' });
  await server.addUser('sun', '孙悦', ['analyst']);
  const other = await signedIn(t, {}, 'sun');
  await other.show('/data/identity');
  await other.locator('tr', { hasText: '登录号' }).getByText('最多 2 个').waitFor();
  assert.equal(await other.getByRole('button', { name: '修改 login' }).count(), 0);

  await page.getByRole('button', { name: '修改 多个标识的属性取哪个值' }).click();
  await drawer.getByRole('button', { name: '添加属性' }).click();
  await drawer.getByRole('combobox', { name: '属性 1 属性' }).click();
  await page.keyboard.type('city');
  await page.keyboard.press('Enter');
  await drawer.getByRole('combobox', { name: '属性 1 取值' }).click();
  await page.locator('.ant-select-item', { hasText: '最早的' }).click();
  await drawer.getByRole('button', { name: '试算' }).click();
  await drawer.getByText('将合并 0 位客户').waitFor();
  await drawer.getByRole('button', { name: '保存' }).click();
  await page.locator('.ant-modal').getByRole('button', { name: '保存' }).click();
  await page.locator('tr', { hasText: '城市 city' }).getByText('最早的').waitFor();
  assert.deepEqual((await server.call('GET', '/v1/identity/keys')).attributes, [{ attribute: 'city', keep: 'first', sources: [] }]);
  assert.deepEqual([page.complaints, other.complaints], [[], []]);
});

test('a list stays as it was left: page, order and search are in its address, each list’s its own', async (t) => {
  const names = Array.from({ length: 45 }, (_, i) => `row_${String(i).padStart(2, '0')}`);
  for (const id of names) await server.call('POST', '/v1/segments', { id, name_zh: `行${id}`, name_en: id, owner: id < 'row_30' ? '甲' : '乙', eql: 'vip = 2' });
  const page = await signedIn(t);
  const firstIs = (id) => page.locator('tbody tr.ant-table-row').first().getByText(id, { exact: true }).waitFor();
  await page.show('/segments');
  await page.getByRole('columnheader', { name: '名称' }).click();
  await page.waitForURL(/sort=name/);
  await firstIs('row_00');
  await page.getByRole('columnheader', { name: '名称' }).click();
  await firstIs('row_44');
  await page.getByTitle('2', { exact: true }).click();
  await firstIs('row_24');
  await page.reload();
  await firstIs('row_24');
  assert.match(page.url(), /page=2/);
  await page.getByLabel(/按名称/).fill('甲');
  await firstIs('row_29'); // what is sought begins on its first page, in the same order
  await page.getByTitle('2', { exact: true }).click();
  await firstIs('row_09');
  await page.getByRole('link', { name: /row_09/ }).click();
  await titled(page, '行row_09');
  await page.goBack();
  await firstIs('row_09');
  await page.getByRole('tab', { name: /名单/ }).click();
  await page.getByRole('tab', { name: /客群/ }).click();
  await firstIs('row_09');

  await page.show('/customers/login/u4?tab=attributes');
  await page.getByLabel('按属性、值或来源查找').fill('上海');
  const onlyCity = () => eventually('the city alone', async () => (await page.locator('tbody tr.ant-table-row').allInnerTexts()).join().startsWith('城市 city') && (await page.locator('tbody tr.ant-table-row').count()) === 1);
  await onlyCity();
  await page.reload();
  await onlyCity();
  await page.getByRole('tab', { name: /标识/ }).click();
  await page.getByRole('cell', { name: 'u4' }).waitFor();
  await page.getByLabel('按标识查找').fill('nobody');
  await page.getByText('没有符合“nobody”的。').waitFor();
  await page.show('/data/identity?keys.find=unionid');
  await settled(page);
  assert.equal(await page.locator('section', { has: page.getByLabel('按标识类型查找') }).locator('tbody tr.ant-table-row').count(), 1);
  assert.deepEqual(page.complaints, []);
});

test('a user, a role and an organisation have an address, and one who may not change them only looks', async (t) => {
  await server.addUser('guard', '孙卫', ['security_admin']);
  await server.call('PUT', '/v1/roles/teller', { name_zh: '柜员', name_en: 'Teller', rights: ['customers.view'] });
  await server.call('PUT', '/v1/organisations/hefei', { name_zh: '合肥分行', name_en: 'Hefei' });
  const page = await signedIn(t, {}, 'guard');
  for (const [address, said] of [['users?open=li', '李娜'], ['roles?open=teller', '柜员'], ['organisations?open=hefei', '合肥分行'], ['roles?open=%2Bnew', '新建角色']]) {
    await page.show(`/settings/${address}`);
    await page.getByRole('dialog').getByText(said, { exact: true }).first().waitFor();
    await page.getByRole('dialog').getByRole('button', { name: /取\s*消|Close/ }).first().click();
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    assert.doesNotMatch(page.url(), /open=/);
  }
  await page.show('/settings/roles?open=lead'); // built in: nothing to change
  await titled(page, '角色');
  await settled(page);
  assert.equal(await page.getByRole('dialog').count(), 0);
  assert.deepEqual(page.complaints, []);
});
