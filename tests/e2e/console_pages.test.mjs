// Portraits, saved questions and dashboards, approvals, templates and channels in a real browser.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import fs from 'node:fs';
import http from 'node:http';
import { assertPagesAreGood, at, reveal, sendPeople, settled, signedIn as signedInIn, titled } from './console.mjs';
import { eventually, kRoles, kRoot, launchBrowser, startWaypost } from './harness.mjs';

const kPeople = 240;
const journey = {
  id: 'payday', name: '发薪日', entry: { kind: 'event', on: 'pay' }, nodes: [{ id: 'start', type: 'entry' }, { id: 'say', type: 'send', channel: 'sms', text: '您好' }, { id: 'end', type: 'exit' }],
  edges: [{ from: 'start', to: 'say' }, { from: 'say', to: 'end' }],
};
const kTrends = { ask: 'trends', range: { last: 7, unit: 'day', include_current: true }, interval: 'day', measures: [{ name: 'm1', of: 'pay', measure: 'uniques' }] };
const kFunnel = { ask: 'funnel', range: { last: 7, unit: 'day', include_current: true }, window: '7d', steps: ['look', 'pay'], times: true };
const portrait = (...ids) => ({ ask: 'portrait', groups: ids.map((id) => ({ name: id, who: { eql: `IN SEGMENT ${id}` } })), cross: [[{ customer: 'city' }, { customer: 'vip' }]] });

let browser, server;
before(async () => {
  browser = await launchBrowser();
  server = await startWaypost(undefined, ['--egress-allow', '127.0.0.1']);
  await sendPeople(server, kPeople);
  await server.call('PATCH', '/v1/plan', { properties: [{ name: 'city', class: 'C1', zh: '城市', en: 'City' }, { name: 'vip', class: 'C1', zh: '贵宾等级', en: 'VIP level' }] });
  for (const [id, name_zh, eql] of [['vip', '高端客户', 'vip = 2'], ['payers', '付款客户', 'DID(pay)']]) {
    await server.call('POST', '/v1/segments', { id, name_zh, name_en: `The ${id}`, eql });
    await server.call('POST', `/v1/segments/${id}/run`);
  }
  await server.addUser('li', '李娜');
  await server.addUser('wang', '王芳', ['lead']);
  await server.call('PUT', '/v1/questions/buyers', { name: '每天付款的人', shared: true, body: kTrends });
  await server.call('PUT', '/v1/questions/path', { name: '看到付款', shared: true, body: kFunnel });
  await server.call('PUT', '/v1/questions/who', { name: '谁是高端', shared: true, body: portrait('vip', 'payers') });
  await server.call('PUT', '/v1/dashboards/week', { name: '每周', shared: true, body: { tiles: [{ question: 'buyers', size: 'half' }, { question: 'path', size: 'half' }, { question: 'who', size: 'whole' }] } });
  await server.call('PUT', '/v1/templates/hello', { name: '问候', shared: true, body: { text: '【银行】{{customer.name|default:"客户"}}您好，{{entry.amount|money}}元已到账，拒收请回复R', channel: 'sms', category: 'marketing' } });
  await server.call('PUT', '/v1/channels/push', JSON.parse(fs.readFileSync(`${kRoot}/examples/channels/push.json`)));
  await server.call('POST', '/v1/journeys', journey);
  await server.call('PUT', '/v1/approvals/flows/journey', { levels: [{ name: '合规', rule: 'any', people: ['wang', 'li'] }] });
});
after(async () => {
  await browser.close();
  await server.stop();
});

const signedIn = (t, options, name) => signedInIn(t, browser, server, options, name);

test('the pages are good in both languages', async (t) => {
  await server.call('POST', '/v1/approvals/journey/asked', { ...journey, id: 'asked' });
  await server.call('POST', '/v1/approvals/journey/payday', { ...journey, name: '发薪日 2' });
  await assertPagesAreGood(t, browser, server, [
    `/analysis/portrait`, `/analysis/portrait${at(portrait('vip', 'payers'))}`, `/analysis/portrait${at({ ...portrait('vip'), groups: [...portrait('vip').groups, { ...portrait('vip').groups[0], values_at: '2026-01-01' }] })}`,
    '/analysis/dashboards', '/analysis/dashboards/week', '/analysis/saved', '/analysis/saved?find=none',
    '/approvals', '/approvals?tab=all', '/approvals?open=journey/payday', '/approvals?open=journey/asked', '/templates', '/templates/new', '/templates/hello', '/channels', '/channels/new', '/channels/push', '/tags/deliveries', '/tags/deliveries?open=%2Bnew', '/tasks', '/tasks?state=refused', '/messages/policy', '/messages/consent', '/messages/consent?of=login%3Au3', '/data/identity', '/data/identity?open=%2Bnew', '/data/identity?open=phone', '/',
  ]);
});

test('a home that cannot be read says so', async (t) => {
  const page = await signedIn(t);
  await page.route('**/v1/plan*', (route) => route.fulfill({ status: 503, contentType: 'application/json', body: JSON.stringify({ error: { code: 'overloaded', message: 'Too much.', message_zh: '太忙了。', request_id: 'r1' } }) }));
  await page.show('/');
  await page.getByRole('alert').filter({ hasText: '太忙了。' }).waitFor();
  await page.unroute('**/v1/plan*');
  await page.getByRole('button', { name: '重试' }).click();
  await page.getByRole('alert').waitFor({ state: 'detached' });
});

test('a portrait says what a segment is like, and its rows become segments', async (t) => {
  const page = await signedIn(t);
  await page.show('/segments/vip');
  await page.getByRole('button', { name: '画像' }).click();
  await titled(page, '画像');
  const { fields } = await server.call('POST', '/v1/query', { ...portrait('vip'), by: ['city'] });
  const cell = fields[0].rows.find(({ value }) => value === '上海').groups[0];
  const row = page.locator('section', { has: page.locator('h2', { hasText: '城市' }) }).locator('tr', { hasText: '上海' });
  await row.getByText(`▲ ${Math.round(cell.tgi)}`).waitFor();
  await row.getByRole('link', { name: String(cell.count) }).click();
  await titled(page, '新建客群');
  await page.locator('.size b', { hasText: new RegExp(`^${cell.count}$`) }).waitFor();

  await page.show(`/analysis/portrait${at(portrait('vip'))}`);
  await page.getByRole('combobox', { name: '客群' }).click();
  await page.keyboard.type('fkkh');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: '查询' }).click();
  await page.locator('.numbers', { hasText: '付款客户' }).waitFor();
  assert.equal(await page.locator('.numbers > div').count(), 2);
  await page.locator('h2', { hasText: '城市 × 贵宾等级' }).waitFor();
  assert.deepEqual(page.complaints, []);
});

test('a question is saved, put on a dashboard, and asked there of another range and of some customers', async (t) => {
  const page = await signedIn(t);
  await page.show('/analysis/dashboards');
  await page.getByRole('button', { name: '新建看板' }).click();
  await page.locator('.ant-drawer').getByLabel('名称').fill('我的看板');
  await page.keyboard.press('Enter');
  await titled(page, '我的看板');
  await page.show(`/analysis/funnel${at(kFunnel)}`);
  await page.locator('.funnel .step').nth(1).waitFor();
  await page.getByRole('button', { name: '保存' }).click();
  await page.locator('.ant-drawer').getByLabel('名称').fill('我的漏斗');
  await page.locator('.ant-drawer').getByRole('combobox').click();
  await page.locator('.ant-select-item', { hasText: '我的看板' }).click();
  await page.locator('.ant-drawer-title').click();
  await page.locator('.ant-drawer').getByRole('button', { name: '保存' }).click();
  await page.getByText('已保存“我的漏斗”').waitFor();
  await page.show('/analysis/dashboards');
  await page.getByRole('link', { name: '我的看板' }).click();
  const tile = page.getByRole('article', { name: '我的漏斗' });
  await tile.getByText(String(kPeople), { exact: true }).first().waitFor();

  await page.getByRole('button', { name: '客户范围' }).click();
  await page.getByRole('button', { name: '+ 限定客户' }).click();
  await page.locator('.ant-popover').getByRole('combobox').first().click();
  await page.keyboard.type('city');
  await page.keyboard.press('Enter');
  await page.locator('.ant-popover').getByRole('textbox', { name: '值' }).fill('北京');
  const beijing = await server.call('POST', '/v1/query', { ...kFunnel, who: [{ customer: 'city', op: '=', value: '北京' }] });
  await tile.getByText(String(beijing.everyone.steps[0].count), { exact: true }).first().waitFor();
  await page.reload();
  await tile.getByText(String(beijing.everyone.steps[0].count), { exact: true }).first().waitFor();
  await page.getByRole('combobox', { name: '时间' }).click();
  await page.locator('.ant-select-item', { hasText: '近 14 天' }).click();
  await eventually('the tile asks it', async () => decodeURIComponent(await tile.getByRole('link', { name: '我的漏斗' }).getAttribute('href')).includes('"last":14'));
  await tile.getByRole('link', { name: '我的漏斗' }).click();
  await titled(page, '我的漏斗');
  assert.deepEqual(JSON.parse(new URL(page.url()).searchParams.get('q')).range, { last: 14, unit: 'day' });
  assert.deepEqual(page.complaints, []);

  const other = await signedIn(t, {}, 'wang');
  await other.show('/analysis/saved?find=我的漏斗');
  await other.getByRole('link', { name: '我的漏斗' }).waitFor();
  assert.equal(await other.getByRole('button', { name: '移除 我的漏斗' }).count(), 0);
});

test('a dashboard refreshes, fills the screen, and gives its pictures and tables away', async (t) => {
  const page = await signedIn(t, { acceptDownloads: true });
  await page.show('/analysis/dashboards/week');
  await page.getByRole('article', { name: '谁是高端' }).locator('.telling li').first().waitFor();
  const asked = page.waitForResponse((response) => response.url().includes('/v1/query'));
  await page.getByRole('button', { name: '刷新' }).first().click();
  await asked;
  for (const leave of [() => page.getByRole('button', { name: '退出全屏' }).click(), () => page.keyboard.press('Escape')]) {
    await page.getByRole('button', { name: '全屏' }).click();
    await page.locator('.dashboard.full').waitFor();
    await leave();
    await eventually('back', async () => (await page.locator('.dashboard.full').count()) === 0);
  }
  for (const [tile, what, name, begins] of [['看到付款', '下载 CSV', '看到付款.csv', '1. look,2. pay'], ['每天付款的人', '下载图片', '每天付款的人.png', '\x89PNG']]) {
    await page.getByRole('article', { name: tile }).getByRole('button', { name: /更多操作/ }).click();
    const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('menuitem', { name: what }).click()]);
    await page.getByRole('menuitem', { name: what }).waitFor({ state: 'hidden' });
    assert.equal(file.suggestedFilename(), name);
    const bytes = fs.readFileSync(await file.path());
    assert.ok(bytes.toString(begins.startsWith('\x89') ? 'latin1' : 'utf8').replace('\uFEFF', '').startsWith(begins), name);
  }
  assert.deepEqual(page.complaints, []);
});

test('publishing asks for approval, another person sees what changes and approves, and then it may be published', async (t) => {
  const page = await signedIn(t, { locale: 'en-US' });
  await page.show('/journeys/payday?view=design');
  await page.locator('[data-id="say"]').click();
  await page.getByRole('textbox', { name: 'Text' }).fill('您好，工资到账');
  await page.getByRole('button', { name: 'Publish' }).click();
  await page.locator('.ant-modal').getByRole('button', { name: 'Publish' }).click();
  await page.locator('.ant-modal').getByRole('button', { name: 'Ask for approval' }).click();
  await titled(page, 'Approvals');
  await page.locator('.ant-drawer').getByText('asked now').waitFor();
  assert.equal(await page.locator('.ant-drawer').getByRole('button', { name: 'Approve' }).count(), 0, 'nobody approves what they asked for');

  const other = await signedIn(t, {}, 'wang');
  await other.locator('.panel', { hasText: '等我审批' }).getByRole('link', { name: '发薪日' }).click();
  await titled(other, '审批');
  await other.locator('.changes .in', { hasText: '工资到账' }).waitFor();
  await other.locator('.changes .out', { hasText: '"您好"' }).waitFor();
  await other.getByRole('button', { name: '拒绝' }).click();
  await other.getByText('拒绝时请写明原因').waitFor();
  await other.getByLabel('意见').fill('内容合规');
  await other.getByRole('button', { name: '通过', exact: true }).click();
  await other.locator('.ant-drawer .levels').getByText('内容合规').waitFor();
  assert.equal((await server.call('GET', '/v1/approvals/journey/payday')).state, 'approved');

  await page.show('/journeys/payday?view=design');
  await page.getByRole('button', { name: 'Publish' }).click();
  await page.locator('.ant-modal').getByRole('button', { name: 'Publish' }).click();
  await eventually('version 2', async () => (await server.call('GET', '/v1/journeys/payday')).version === 2);
  assert.deepEqual([page.complaints.filter((text) => !text.includes('409')), other.complaints], [[], []]);
});

test('who is asked hands it on to another person, and that is refused for one who may not approve', async (t) => {
  await server.addUser('zhao', '赵敏', ['lead']);
  await server.call('POST', '/v1/approvals/journey/handed', { ...journey, id: 'handed' });
  const page = await signedIn(t, {}, 'wang');
  await page.show('/approvals?open=journey/handed');
  const drawer = page.locator('.ant-drawer'), dialog = page.locator('.ant-modal');
  const handOn = async (name) => {
    await dialog.getByRole('combobox', { name: '审批人' }).fill(name);
    await page.locator('.ant-select-item-option', { hasText: name }).click();
    await dialog.getByRole('button', { name: '转交' }).click();
  };
  await drawer.getByRole('button', { name: '转交' }).click();
  await handOn('nobody');
  await dialog.getByText('“nobody”没有审批权限，请另选一位').waitFor();
  await handOn('zhao');
  await drawer.getByText('由 wang 转交').waitFor();
  assert.equal(await drawer.getByRole('button', { name: '通过', exact: true }).count(), 0, 'not asked any more');
  assert.deepEqual((await server.call('GET', '/v1/approvals/journey/handed')).flow.levels[0].people, ['li', 'zhao']);
  assert.deepEqual(page.complaints.filter((text) => !text.includes('409')), []);
});

test('a template is reviewed while it is written, and shown as one customer gets it', async (t) => {
  const page = await signedIn(t);
  await page.show('/templates/new');
  await page.getByLabel('名称').fill('到期提醒');
  await page.getByRole('textbox', { name: '内容' }).fill('保本稳赚');
  await page.locator('.fault').first().waitFor();
  assert.ok(await page.getByRole('button', { name: '保存' }).isDisabled());
  await page.getByRole('textbox', { name: '内容' }).fill('【银行】{{customer.name|default:"客户"}}，{{entry.amount|money}}元到账，拒收请回复R');
  await page.locator('.ant-tag', { hasText: 'customer.name' }).waitFor();
  await page.getByLabel('标识', { exact: true }).fill('u7');
  await page.keyboard.press('Enter');
  await page.getByLabel('entry.amount').fill('1234.5');
  await page.locator('.bubble', { hasText: '客**，1,234.50元到账' }).waitFor();
  await reveal(page);
  await page.locator('.bubble', { hasText: '客户7，1,234.50元到账' }).waitFor();
  await page.getByRole('button', { name: '保存' }).click();
  await titled(page, '到期提醒');
  await page.show('/journeys/payday?view=design&node=say');
  await page.locator('[data-id="say"]').click();
  await page.getByRole('combobox', { name: '模板' }).click();
  await page.locator('.ant-select-item', { hasText: '到期提醒' }).click();
  assert.match(await page.getByRole('textbox', { name: '内容' }).inputValue(), /元到账/);
  assert.deepEqual(page.complaints.filter((text) => !text.includes('422')), []);
});

test('a channel is filled in from an example, says where it is wrong, keeps its secrets to itself, and is tried', async (t) => {
  const got = [];
  const provider = http.createServer((request, response) => {
    let body = '';
    request.on('data', (text) => (body += text)).on('end', () => { got.push({ body, headers: request.headers }); response.end('{"code":"0"}'); });
  });
  await new Promise((resolve) => provider.listen(0, '127.0.0.1', resolve));
  t.after(() => provider.close());
  const page = await signedIn(t);
  const save = page.getByRole('button', { name: '保存', exact: true });
  await page.show('/channels');
  await page.getByRole('button', { name: '新建触点' }).first().click();
  await page.getByRole('combobox', { name: '从示例开始' }).click();
  await page.locator('.ant-select-item', { hasText: '短信' }).click();
  await page.getByText('没有发现问题').waitFor();
  const form = page.getByRole('region', { name: '请求' });
  const body = form.getByRole('textbox', { name: '请求 请求体' });
  await body.fill('{"to":"{{addres}}"}');
  await page.getByRole('status').getByText('请求 · 请求体：没有变量“addres”').waitFor();
  assert.ok(await save.isDisabled());
  await body.fill('{"to":"{{address}}","text":""}');
  await body.evaluate((field) => field.setSelectionRange(field.value.length - 2, field.value.length - 2));
  await page.getByRole('button', { name: '{{text}}', exact: true }).click();
  assert.equal(await body.inputValue(), '{"to":"{{address}}","text":"{{text}}"}');
  await form.getByRole('textbox', { name: '请求 网址' }).fill(`http://127.0.0.1:${provider.address().port}/send`);
  await page.getByLabel('密钥 1 值').fill('hush-hush');
  await page.getByLabel('密钥 2 值').fill('hush');
  await page.getByText('没有发现问题').waitFor();
  await save.click();
  await titled(page, '短信');
  assert.equal((await server.call('GET', '/v1/channels')).channels.find(({ name }) => name === 'sms').title_en, 'Text messages');
  const channel = await server.call('GET', '/v1/channels/sms');
  assert.deepEqual(channel.secrets_set.sort(), ['access_key', 'access_secret']);
  assert.equal(channel.description.query.after_seconds, 60, 'what was not touched is as in the example');
  assert.doesNotMatch(JSON.stringify(channel), /hush/);
  assert.equal(await page.getByLabel('密钥 1 值').inputValue(), '');
  await page.locator('.snippet', { hasText: channel.receipts_path }).waitFor();
  await page.getByLabel('接收地址', { exact: true }).fill('13800000001');
  await page.getByLabel('内容', { exact: true }).fill('您好"');
  await page.getByRole('button', { name: '发送一条' }).click();
  await page.getByRole('region', { name: '试发' }).getByRole('status').getByText('已被接收').waitFor();
  assert.deepEqual([got[0].body, got[0].headers['x-access-key']], ['{"to":"13800000001","text":"您好\\""}', 'hush-hush']);
  await page.getByText('高级（JSON）').click();
  const text = page.getByRole('textbox', { name: '描述' });
  await text.fill((await text.inputValue()).replace('"http"', '"pigeon"'));
  await page.locator('.fault', { hasText: '类型' }).waitFor();
  await page.getByRole('button', { name: '移除' }).click();
  await page.locator('.ant-modal').getByRole('button', { name: '移除' }).click();
  await eventually('it is gone', async () => (await server.call('GET', '/v1/channels')).channels.every(({ name }) => name !== 'sms'));
  assert.deepEqual(page.complaints.filter((text) => !text.includes('422')), []);
});

test('a delivery is made, writes its file, and shows how it went', async (t) => {
  await server.call('POST', '/v1/tags', { id: 'known', owner: 'li', make: { kind: 'rule', eql: 'vip IS NOT NULL' } });
  await server.call('POST', '/v1/tags/known/run');
  await server.call('POST', '/v1/tags/known/steps/submit');
  const { key } = await server.call('POST', '/v1/keys', { id: 'certifier', rights: ['tags.approve'], days: 1 });
  assert.ok((await fetch(`${server.base}/v1/tags/known/certify`, { method: 'POST', headers: { authorization: `Bearer ${key}` } })).ok);
  const page = await signedIn(t);
  await page.show('/tags');
  await page.getByRole('button', { name: '标签投递' }).click();
  await page.getByRole('button', { name: '新建投递' }).first().click();
  const drawer = page.locator('.ant-drawer');
  await drawer.getByLabel('名称').fill('nightly');
  await drawer.getByRole('combobox', { name: '标签' }).click();
  await page.locator('.ant-select-item', { hasText: 'known' }).click();
  await drawer.locator('.ant-drawer-title').click();
  await drawer.getByText('定时写文件').click();
  await drawer.getByRole('button', { name: '保存' }).click();
  await page.getByText('已保存“nightly”').waitFor();
  await drawer.getByText('还没有文件').waitFor();
  const { format, schedule, tags } = await server.call('GET', '/v1/deliveries/nightly');
  assert.deepEqual([format, schedule.cron, tags], ['csv', '0 3 * * *', ['known']]);
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: '立即生成' }).click();
  await page.getByText(/exports\/.*nightly-.*\.csv/).waitFor();
  await page.getByRole('button', { name: 'nightly' }).click();
  await drawer.locator('td', { hasText: /nightly-.*\.csv/ }).waitFor();
  assert.deepEqual(page.complaints, []);
});

test('who sees a branch sees the tags of its customers, and no number of the whole', async (t) => {
  await server.call('POST', '/v1/tags', { id: 'level', name_zh: '等级', name_en: 'Level', make: { kind: 'layers', layers: [{ value: '高', eql: 'vip = 2' }], otherwise: '低' } });
  await server.call('POST', '/v1/tags/level/run');
  await server.call('PUT', '/v1/organisations/shanghai', { name_zh: '上海', rows: 'city = 上海' });
  await server.addUser('zhou', '周舟', ['operator']);
  await server.call('PUT', '/v1/users/zhou/roles', { roles: ['operator'], organisation: 'shanghai' });
  const page = await signedIn(t, {}, 'zhou');
  await page.show('/customers/login/u0?tab=tags');
  await page.getByRole('cell', { name: '高', exact: true }).waitFor();
  for (const tab of ['touches', 'segments', 'timeline']) {
    await page.show(`/customers/login/u0?tab=${tab}`);
    await page.locator('h1').waitFor();
    await settled(page);
    assert.equal(await page.locator('.ant-alert-error').count(), 0, tab);
  }
  for (const address of ['/', '/tags', '/tags/level', '/segments', '/segments/vip', '/journeys', '/journeys/payday', '/analysis/dashboards/week']) {
    await page.turn(address);
    await page.locator('h1').waitFor();
    await settled(page);
    assert.doesNotMatch(await page.locator('#content').innerText(), new RegExp(`\\b${kPeople}\\b`), address);
  }
  assert.deepEqual(page.complaints.filter((text) => !/40[34]/.test(text)), []);
});

test('who sees a branch is offered no page about all customers, and told why when a link leads there', async (t) => {
  await server.addUser('ning', '宁静');
  await server.call('PUT', '/v1/users/ning/roles', { roles: kRoles, organisation: 'shanghai' });
  const page = await signedIn(t, {}, 'ning');
  for (const address of ['/data/quarantine', '/approvals', '/data/tables', '/data/identity', '/channels', '/messages/policy', '/tags/deliveries', '/journeys/new', '/tags/new', '/segments/new']) {
    await page.show(address);
    await page.getByText('涉及全部客户').waitFor();
    assert.deepEqual(await page.locator('.ant-alert').allInnerTexts(), [], address);
  }
  const entries = page.locator('.navigation .ant-menu-item');
  const names = await entries.allInnerTexts();
  const all = await (await signedIn(t)).locator('.navigation .ant-menu-item').allInnerTexts();
  assert.deepEqual(all.filter((name) => !names.includes(name)), ['隔离区', '数据表', '标识规则', '触点', '触达规则', '审批', '审批流程']);
  for (const name of names) {
    await entries.filter({ hasText: new RegExp(`^${name}$`) }).click();
    await settled(page);
    assert.equal(await page.locator('.ant-alert-error').count(), 0, name);
  }
  // Nor is a button offered that the server would refuse, or a zero said where nothing is told.
  for (const [address, refused] of [['/tags', ['新建标签']], ['/tags/level', ['生成今天的取值', '修改', '冻结', '下架']], ['/tags/level?tab=values', ['建客群']], ['/', ['0.0%']], ['/journeys', ['0.0%']], ['/journeys/payday?view=rehearse', ['预演']], ['/journeys/payday?view=design', ['接力触达']], ['/journeys/payday', ['暂停', '发布', '预演', '版本']], ['/journeys/payday?node=start', ['到达', '现在停在这里']], ['/journeys/messages', ['说结果']], ['/journeys/templates', ['新建模板']]]) {
    await page.show(address);
    await page.locator('h1').waitFor();
    await settled(page);
    for (const name of refused) assert.equal(await page.locator('#content').getByText(name, { exact: true }).count(), 0, `${address}: ${name}`);
  }
  assert.deepEqual(page.complaints, []);
});

test('who sees a branch under one right only is refused the pages of that right alone', async (t) => {
  await server.call('PUT', '/v1/roles/branch_journeys', { name_en: 'Journeys of a branch', rights: ['journeys.view', 'tags.view'], rows: 'city = 上海' });
  await server.addUser('bei', '贝贝', ['branch_journeys']);
  const page = await signedIn(t, {}, 'bei');
  for (const address of ['/approvals', '/channels', '/messages/policy', '/tags/deliveries']) {
    await page.show(address);
    await page.getByText('涉及全部客户').waitFor();
    assert.deepEqual(await page.locator('.ant-alert').allInnerTexts(), [], address);
  }
  await server.call('PUT', '/v1/roles/all_events', { name_en: 'Events of all', rights: ['events.view', 'tags.view'] });
  await server.call('PUT', '/v1/users/bei/roles', { roles: ['branch_journeys', 'all_events'] });
  for (const [address, shown] of [['/approvals', false], ['/data/quarantine', true], ['/tags/deliveries', true]]) {
    await page.show(address);
    await (shown ? page.locator('h1') : page.getByText('涉及全部客户')).waitFor();
    await settled(page);
    assert.deepEqual(await page.locator('.ant-alert').allInnerTexts(), [], address);
  }
  assert.deepEqual(page.complaints, []);
});

test('what is saved is there for all when it is shared, else for its owner alone, who alone changes it', async () => {
  const keys = {};
  for (const id of ['ann', 'bob']) keys[id] = (await server.call('POST', '/v1/keys', { id, rights: ['questions.view', 'questions.change'], days: 1 })).key;
  const as = async (who, method, address, body) => {
    const answer = await fetch(server.base + address, { method, body: body && JSON.stringify(body), headers: { authorization: `Bearer ${keys[who]}` } });
    const said = await answer.json();
    return [answer.status, said.error?.code ?? said];
  };
  const mine = { name: 'mine', shared: false, body: kTrends };
  assert.deepEqual((await as('ann', 'PUT', '/v1/questions/mine', mine))[1].owner, 'key ann');
  for (const [method, body] of [['GET'], ['DELETE'], ['PUT', mine]]) assert.deepEqual(await as('bob', method, '/v1/questions/mine', body), [404, 'not_found'], method);
  assert.ok(!(await as('bob', 'GET', '/v1/questions'))[1].items.some(({ id }) => id === 'mine'));
  assert.deepEqual(await as('ann', 'PUT', '/v1/dashboards/mine', { name: 'x', shared: true, body: { tiles: [{ question: 'mine' }] } }), [400, 'bad_request'], 'a shared dashboard of what is not');
  assert.deepEqual(await as('ann', 'PUT', '/v1/questions/mine', { ...mine, shared: true }), [409, 'conflict'], 'without the version that was changed');
  assert.equal((await as('ann', 'PUT', '/v1/questions/mine', { ...mine, shared: true, version: 1 }))[1].version, 2);
  assert.equal((await as('bob', 'GET', '/v1/questions/mine'))[0], 200);
  for (const [method, body] of [['DELETE'], ['PUT', { ...mine, version: 2 }]]) assert.deepEqual(await as('bob', method, '/v1/questions/mine', body), [403, 'forbidden'], method);
  assert.equal((await as('bob', 'PUT', '/v1/dashboards/his', { name: 'x', shared: true, body: { tiles: [{ question: 'mine' }] } }))[0], 200);
  assert.deepEqual(await as('ann', 'DELETE', '/v1/questions/mine'), [409, 'in_use']);
  for (const bad of [{}, { ...mine, name: '' }, { ...mine, body: {} }, { ...mine, owner: 'eve' }, { ...mine, shared: 'yes' }]) assert.equal((await as('ann', 'PUT', '/v1/questions/bad', bad))[0], 400, JSON.stringify(bad));
});

test('what has an English name is called by it in English, and found by either', async (t) => {
  await server.call('PUT', '/v1/questions/bilingual', { name: '转账走势', name_en: 'Transfers by day', shared: true, body: kTrends });
  await server.call('PUT', '/v1/dashboards/bilingual', { name: '支付周报', name_en: 'Payments weekly', shared: true, body: { tiles: [{ question: 'bilingual' }] } });
  const kept = await server.call('GET', '/v1/questions/bilingual');
  assert.deepEqual([kept.name, kept.name_en], ['转账走势', 'Transfers by day']);
  await assert.rejects(server.call('PUT', '/v1/questions/bad', { name: 'x', name_en: 7, shared: true, body: kTrends }), /400.*name_en/);
  const page = await signedIn(t);
  for (const [language, board, question] of [['中文', '支付周报', '转账走势'], ['English', 'Payments weekly', 'Transfers by day']]) {
    const other = page.locator('.top button', { hasText: language });
    if (await other.count()) await other.click();
    await page.turn('/analysis/dashboards/bilingual');
    await titled(page, board);
    await page.getByRole('article', { name: question }).waitFor();
    await page.turn(`/analysis/dashboards?find=${encodeURIComponent('Payments')}`);
    await page.getByRole('link', { name: board }).waitFor();
  }
  assert.deepEqual(page.complaints, []);
});

test('categories and albums are named in English on the page of tags; templates have a field for it', async (t) => {
  await server.call('POST', '/v1/tags', { id: 'placed', name_zh: '放好', name_en: 'Placed', categories: ['价值/资产'], albums: ['高净值'], make: { kind: 'rule', eql: 'vip = 2' } });
  const page = await signedIn(t);
  await page.show('/tags');
  await page.getByRole('button', { name: '分类与专辑的英文名' }).click();
  const drawer = page.getByRole('dialog');
  for (const [place, english] of [['价值', 'Value'], ['资产', 'Assets'], ['高净值', 'Private clients']]) await drawer.getByLabel(place, { exact: true }).fill(english);
  await drawer.getByRole('button', { name: /保.*存/ }).click();
  await drawer.waitFor({ state: 'hidden' });
  await page.getByRole('button', { name: '资产' }).waitFor(); // in Chinese nothing changes
  await page.show('/templates/new');
  await page.locator('#template-name').fill('招呼');
  await page.getByLabel('英文名').fill('Greeting');
  await page.locator('#template-text').fill('【银行】您好，拒收请回复R');
  await page.getByRole('button', { name: /保.*存/ }).click();
  await titled(page, '招呼');
  await page.locator('.top button', { hasText: 'English' }).click();
  await titled(page, 'Greeting');
  await page.turn('/templates?find=greet');
  await page.getByRole('link', { name: 'Greeting' }).waitFor();
  await page.turn('/tags?find=private%20assets');
  await page.getByRole('link', { name: /Placed/ }).waitFor();
  await page.getByRole('button', { name: /^Assets/ }).click();
  await page.turn('/tags/placed');
  await page.getByRole('link', { name: 'Value/Assets' }).waitFor();
  await page.getByRole('link', { name: 'Private clients' }).waitFor();
  assert.deepEqual(page.complaints, []);
  const { records } = await server.call('GET', '/v1/audit?limit=20');
  assert.equal(records.filter(({ what }) => what === 'tag.places_named').length, 1);
});
