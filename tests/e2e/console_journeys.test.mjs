// The journey canvas in a real browser: drawn, checked, published, watched, explained; and 500 nodes.
import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { createServer } from '../../web/node_modules/vite/dist/node/index.js';
import { assertAccessible, assertPagesAreGood, reveal, signedIn as signedInIn, titled } from './console.mjs';
import { eventually, kRoot, kWriteKey, launchBrowser, startWaypost } from './harness.mjs';

const welcome = {
  id: 'welcome', name: '新客欢迎', entry: { kind: 'event', on: 'signed_up' }, reentry: { policy: 'always' }, goal: { event: 'ordered' },
  nodes: [
    { id: 'start', type: 'entry' }, { id: 'split', type: 'ratio', branches: [{ outcome: 'a', percent: 50 }, { outcome: 'b', percent: 50 }] },
    { id: 'hello', type: 'send', channel: 'sms', text: '您好 {{name}}' }, { id: 'hi', type: 'send', channel: 'push', text: '嗨 {{name}}' },
    { id: 'pause', type: 'wait', for: '1h' }, { id: 'end', type: 'exit' },
  ],
  edges: [{ from: 'start', to: 'split' }, { from: 'split', when: 'a', to: 'hello' }, { from: 'split', when: 'b', to: 'hi' }, { from: 'hello', to: 'pause' }, { from: 'hi', to: 'pause' }, { from: 'pause', to: 'end' }],
};
const kCustomers = 12;

let browser, server;
before(async () => {
  browser = await launchBrowser();
  server = await startWaypost();
  await server.addUser('li', '李娜');
  await server.call('POST', '/v1/journeys', welcome);
  await server.call('PUT', '/v1/journeys/templates/hq', { name: '总行欢迎', journey: { ...welcome, id: undefined }, open: [{ path: 'nodes.hello.text', name: '短信内容', max_length: 20 }, { path: 'nodes.pause.for', least: '1h', most: '3d' }] });
  const batch = [{ type: 'identify', messageId: 'vip', userId: 'vip', traits: { vip: 1 } }, ...Array.from({ length: kCustomers }, (_, i) => ({ type: 'track', messageId: `m${i}`, userId: `u${i}`, event: 'signed_up', properties: { name: `客户${i}` } }))];
  const sent = await fetch(`${server.base}/v1/batch`, { method: 'POST', headers: { authorization: `Basic ${btoa(`${kWriteKey}:`)}`, 'content-type': 'application/json' }, body: JSON.stringify({ batch }) });
  assert.ok(sent.ok);
  await eventually('all are sent to', async () => (await server.call('GET', '/v1/journeys/messages/sandbox?limit=100')).items.length === kCustomers);
});
after(async () => {
  await browser.close();
  await server.stop();
});

const signedIn = (t, options) => signedInIn(t, browser, server, options);
const card = (page, title) => page.locator('.react-flow__node', { hasText: title });
const definition = async (id) => (await server.call('GET', `/v1/journeys/${id}`)).definition;

test('the pages of journeys are good in both languages', (t) => assertPagesAreGood(t, browser, server, [
  '/journeys', '/journeys?find=none', '/journeys/messages', '/journeys/new', '/journeys/welcome?view=design', '/journeys/welcome?view=design&node=split', '/journeys/welcome?view=rehearse', '/journeys/welcome?view=live', '/journeys/welcome?view=versions', '/journeys/templates', '/journeys/templates/hq', '/journeys/welcome?view=live&node=split&outcome=a', '/journeys/welcome?view=why&who=login%3Au1', '/journeys/welcome?view=try',
]));

test('the values that the server names in a fault are said in Chinese', async () => {
  const vite = await createServer({ root: path.join(kRoot, 'web'), server: { middlewareMode: true, watch: null }, appType: 'custom', logLevel: 'error' });
  const { faultWord } = await vite.ssrLoadModule('/src/features/journeys/faults.ts');
  await vite.close();
  const { faults } = await server.call('POST', '/v1/journeys/check', {
    id: 'wrong', name: '都错', zone: 'Mars', entry: { kind: 'batch', segment: 'none', filter: 'nothing > 3', schedule: { every: 'cron', cron: '0 9 32 * *' } },
    nodes: [
      { id: 'start', type: 'entry' }, { id: 'for', type: 'wait', for: '1x' }, { id: 'until', type: 'wait', until: '25:00' }, { id: 'again', type: 'loop', max_visits: 0 },
      { id: 'ways', type: 'ratio', branches: [{ outcome: 'a', percent: 50 }, { outcome: 'b', percent: 10 }] }, { id: 'leap', type: 'leap' },
    ],
    edges: [{ from: 'start', to: 'nowhere' }, { from: 'for', when: 'maybe', to: 'until' }],
  });
  const said = faults.map((fault) => faultWord(fault, 'zh'));
  for (const words of ['没有“Mars”这个时区', '“1x”不是时长', '“25:00”不是时间，写法如 09:00', '请填写 1 到 1000 的整数', '合计为 60', '没有“leap”这种节点', '没有“nowhere”这个节点', '没有“maybe”这条出路', 'cron 的日“32”不对：可写 *、1 到 31 的数', '条件第 1 行第 1 列：没有客户属性“nothing”'])
    assert.ok(said.some((one) => one.includes(words)), `${words} in ${said.join('\n')}`);
});

test('a journey is drawn, its faults stand on the node, and it is published', async (t) => {
  const page = await signedIn(t);
  await page.show('/journeys/new');
  await page.getByRole('textbox', { name: '名称', exact: true }).fill('生日祝福');
  await page.getByRole('textbox', { name: '英文名称' }).fill('Birthday wishes');
  await page.getByRole('textbox', { name: '编号' }).fill('birthday');
  await page.locator('.palette').getByText('发送').dragTo(page.locator('.react-flow__pane'), { targetPosition: { x: 360, y: 420 } });
  await card(page, '发送').waitFor();
  await card(page, '发送').getByLabel(/个问题/).waitFor();
  assert.ok(await page.getByRole('button', { name: '发布' }).isDisabled());
  assert.match(await card(page, '发送').getByLabel(/个问题/).getAttribute('title'), /从入口到不了这个节点/);
  await page.getByRole('textbox', { name: '内容' }).fill('生日快乐');

  // start -> send -> end, by the dots.
  await page.locator('[data-id="start"] .react-flow__handle.source').dragTo(page.locator('[data-id="send_1"] .react-flow__handle.target'));
  await page.locator('[data-id="send_1"] .react-flow__handle.source').first().dragTo(page.locator('[data-id="end"] .react-flow__handle.target'));
  await page.locator('[data-id="start"]').click();
  await page.locator('.side').getByRole('combobox', { name: '做了', exact: true }).click();
  await page.keyboard.type('signed');
  await page.keyboard.press('Enter');
  await assertAccessible(page, 'drawn');
  await page.getByRole('button', { name: '发布' }).click();
  await page.locator('.ant-modal').getByRole('button', { name: '发布' }).click();
  await titled(page, '生日祝福');
  const { nodes, edges } = await definition('birthday');
  assert.deepEqual(nodes.map(({ type }) => type), ['entry', 'exit', 'send']);
  assert.deepEqual(edges, [{ from: 'start', to: 'send_1' }, { from: 'send_1', to: 'end' }]);
  await page.locator('.top button', { hasText: 'English' }).click();
  await titled(page, 'Birthday wishes');
  assert.deepEqual(page.complaints, []);
});

test('a wave with its own text, a goal that is a condition and lateness are set without the document', async (t) => {
  const list = { ...welcome, id: 'waves', name: '分波次', entry: { kind: 'list', waves: { every: '1d', each: [{ percent: 10 }, { percent: 20 }] } } };
  await server.call('POST', '/v1/journeys', list);
  for (const [locale, say] of [['zh-CN', (zh) => zh], ['en-US', (_, en) => en]]) {
    const page = await signedIn(t, { locale });
    const side = page.locator('.side');
    const choose = async (field, option) => {
      await side.getByRole('combobox', { name: field, exact: true }).click();
      await page.locator('.ant-select-dropdown:visible .ant-select-item-option', { hasText: option }).click();
    };
    const text = say('第二波您好', 'Hello again');
    await page.show('/journeys/waves?view=design&node=start');
    if (locale === 'zh-CN') await side.getByRole('button', { name: '添加' }).nth(1).click(); // of the second wave: its texts
    await side.getByRole('textbox', { name: say('内容', 'Text'), exact: true }).fill(text);
    await page.locator('.react-flow__pane').click({ position: { x: 20, y: 500 } });
    await choose(say('目标 以什么为准', 'Goal By'), say('符合条件', 'a condition holds'));
    await side.getByRole('textbox', { name: say('目标 条件（EQL）', 'Goal Condition (EQL)') }).fill(say('TAG(tier) = 高', 'vip >= 1'));
    if (locale === 'zh-CN') {
      await side.getByRole('alert').filter({ hasText: '没有标签“tier”' }).waitFor();
      await side.getByRole('textbox', { name: '目标 条件（EQL）' }).fill('vip >= 1');
      await side.getByText('暂停与迟到').click();
    }
    await choose(say('等待结束得太迟', 'A wait that ends too late'), say('离开旅程', 'leaves the journey'));
    await assertAccessible(page, locale);
    await page.getByRole('button', { name: say('发布', 'Publish') }).click();
    await page.locator('.ant-modal').getByRole('button', { name: say('发布', 'Publish') }).click();
    await page.waitForURL(/view=live/);
    const { entry, goal, on_late: late, max_lateness: lateness } = await definition('waves');
    assert.deepEqual(entry.waves.each, [{ percent: 10 }, { percent: 20, texts: [{ node: 'hello', text }] }]);
    assert.deepEqual([goal, late, lateness], [{ when: 'vip >= 1' }, 'exit', '2h']);
    assert.deepEqual(page.complaints, []);
  }
});

test('undo, redo, copy and paste by keys; a draft outlives a reload and is not what runs', async (t) => {
  const page = await signedIn(t, { locale: 'en-US' });
  await page.show('/journeys/welcome?view=design');
  const nodes = () => page.locator('.react-flow__node').count();
  const all = () => page.locator('.react-flow__controls-fitview').click(); // what is out of sight is not drawn
  await all();
  await eventually('six nodes', async () => (await nodes()) === 6);
  await page.locator('[data-id="hello"]').click();
  await page.keyboard.press('Control+C');
  await page.keyboard.press('Control+V');
  await eventually('a copy', async () => (await nodes()) === 7);
  await page.keyboard.press('Delete');
  await eventually('gone', async () => (await nodes()) === 6);
  await page.keyboard.press('Control+Z');
  await eventually('back', async () => (await nodes()) === 7);
  await page.keyboard.press('Control+Z');
  await page.keyboard.press('Control+Y');
  await eventually('again', async () => (await nodes()) === 7);
  await eventually('the draft is kept', () => page.evaluate(() => JSON.parse(localStorage.getItem('waypost.journey..welcome'))?.nodes.length === 7));
  await page.reload();
  await all();
  await eventually('the draft', async () => (await nodes()) === 7);
  assert.equal((await definition('welcome')).nodes.length, 6);
  await page.getByRole('button', { name: 'Discard changes' }).click();
  await eventually('what runs', async () => (await nodes()) === 6);
  assert.deepEqual(page.complaints, []);
});

test('live numbers are those of the server, and each opens who is behind it', async (t) => {
  const page = await signedIn(t);
  const { nodes } = await server.call('GET', '/v1/journeys/welcome');
  const { out } = nodes.find(({ id }) => id === 'split');
  await page.show('/journeys/welcome?view=live');
  await page.locator('[data-id="pause"] .here', { hasText: String(kCustomers) }).waitFor();
  await page.locator('[data-id="split"]').click();
  await page.locator('.pick', { hasText: 'a' }).filter({ hasText: String(out.a) }).click();
  await page.locator('.side h3', { hasText: `“a” ${out.a}` }).waitFor();
  const shown = await page.locator('.side tbody .code').allTextContents();
  const { customers } = await server.call('GET', '/v1/journeys/welcome/nodes/split/customers?outcome=a');
  assert.deepEqual(shown.toSorted(), customers.map(({ name }) => name.slice('login:'.length)).toSorted());
  assert.equal(customers.length, out.a);
  await page.locator('.side tbody .code').first().click();
  await titled(page, shown[0]);
  await page.getByRole('tab', { name: '触达' }).click();
  await page.locator('.trace li', { hasText: '准备发送' }).waitFor();
});

test('a node says until when they wait there, how long others stayed, and what holds them and its messages', async (t) => {
  await server.call('POST', '/v1/journeys', {
    id: 'drip', name: '慢慢放行', entry: { kind: 'api' },
    nodes: [{ id: 'start', type: 'entry' }, { id: 'gate', type: 'rate', most: 2, per: '1d' }, { id: 'say', type: 'send', channel: 'sms', text: '到您了' }, { id: 'rest', type: 'wait', for: '1s' }, { id: 'long', type: 'wait', for: '3h' }, { id: 'end', type: 'exit' }],
    edges: [['start', 'gate'], ['gate', 'say'], ['say', 'rest'], ['rest', 'long'], ['long', 'end']].map(([from, to]) => ({ from, to })),
  });
  const enter = (...names) => server.call('POST', '/v1/journeys/drip/entries', { entries: names.map((value) => ({ customer: { key: 'login', value } })) });
  const node = async (id) => (await server.call('GET', '/v1/journeys/drip')).nodes.find((one) => one.id === id);
  await server.call('PUT', '/v1/journeys/messages/hold', { held: true });
  await enter('u0', 'u1', 'u2', 'u3', 'u4');
  await eventually('two went through', async () => (await node('long')).here === 2 && (await node('gate')).here === 3);
  const page = await signedIn(t);
  const side = page.locator('.side');
  await page.show('/journeys/drip?view=live&node=gate');
  await side.locator('.pick', { hasText: '放行速率' }).filter({ hasText: '3' }).waitFor();
  await page.locator('[data-id="say"]').click();
  await side.getByRole('heading', { name: '还没交出去的消息在等' }).waitFor();
  await side.locator('.pick', { hasText: '恢复发送' }).filter({ hasText: '2' }).waitFor();
  await server.call('PUT', '/v1/journeys/messages/hold', { held: false });
  await side.locator('.pick', { hasText: '恢复发送' }).waitFor({ state: 'detached' });
  await page.locator('[data-id="rest"]').click();
  await side.getByText(/半数在 [\d.]+ 秒内离开，95% 在 [\d.]+ 秒内（2 次）/).waitFor();
  await page.locator('[data-id="long"]').click();
  await side.getByText(/2 位到时间即走：.* 起一小时内/).waitFor();
  await assertAccessible(page, 'who stands at a node');
  assert.deepEqual(page.complaints, []);
});

test('what is drawn is tried with one customer: the way, the messages, and who would not come in', async (t) => {
  const page = await signedIn(t);
  const side = page.locator('.side');
  await page.show('/journeys/welcome?view=try&who=login%3Au1');
  await side.getByText('看他会走哪条路、收到什么。').waitFor();
  const bring = async () => {
    await side.getByRole('button', { name: '添加' }).click();
    await side.getByLabel('带着什么进入 1 属性').fill('name');
    await side.getByLabel('带着什么进入 1 值').fill('小明');
  };
  await bring();
  await side.getByRole('button', { name: '试走' }).click();
  await side.getByRole('heading', { name: '会收到 1 条消息' }).waitFor();
  await side.locator('.tried').getByText('****').first().waitFor(); // masked, as all that is a person's
  await page.locator('.card.passed').nth(3).waitFor();
  await side.locator('.trace li', { hasText: '走完旅程' }).waitFor();
  await reveal(page);
  assert.equal(await side.getByLabel('带着什么进入 1 值').inputValue(), '小明', 'what was written is still there');
  await side.getByRole('button', { name: '试走' }).click();
  await side.locator('.tried').getByText(/(您好|嗨) 小明/).waitFor();
  await page.locator('button.clear').click();
  await side.locator('.tried').waitFor({ state: 'detached' }); // masked again, and so is what was tried in clear
  assert.equal(await side.getByLabel('带着什么进入 1 值').inputValue(), '小明');
  await reveal(page);
  await side.getByRole('button', { name: '试走' }).click();
  await side.locator('.tried').getByText(/(您好|嗨) 小明/).waitFor();
  await assertAccessible(page, 'a journey tried');
  const counts = async () => { const { entered, nodes } = await server.call('GET', '/v1/journeys/welcome'); return [entered, nodes.find(({ id }) => id === 'pause').in]; };
  assert.deepEqual(await counts(), [kCustomers, kCustomers], 'nothing is counted');

  await side.getByRole('button', { name: '发给测试客户' }).click();
  await page.getByRole('dialog').getByText('只发给客群 testers 里的客户').waitFor();
  await page.getByRole('dialog').getByRole('button', { name: '发给测试客户' }).click();
  await side.getByRole('alert').waitFor(); // u1 is no tester
  await side.getByLabel('客户', { exact: true }).fill('nobody-at-all');
  await page.keyboard.press('Enter');
  await side.getByRole('alert').filter({ hasText: 'nobody-at-all' }).waitFor();
  assert.match(page.url(), /who=login%3Anobody-at-all/);
  await page.reload();
  assert.equal(await side.getByLabel('客户', { exact: true }).inputValue(), 'nobody-at-all');
  assert.deepEqual(page.complaints.filter((text) => !/40[049]|422/.test(text)), []);
});

test('the way of an experiment that is chosen by hand is asked for twice, in both languages', async (t) => {
  for (const [locale, all, body, yes, chosen] of [['zh-CN', '都走“b”', '不能更改', '选 ?定', '人工选择走“b”'], ['en-US', 'All go “b”', 'cannot be changed', 'Choose', 'Somebody chose “b”']]) {
    const id = `trial-${locale.slice(0, 2)}`;
    await server.call('POST', '/v1/journeys', {
      id, name: '人工实验', entry: { kind: 'event', on: 'tried' }, goal: { event: 'ordered' },
      nodes: [{ id: 'start', type: 'entry' }, { id: 'try', type: 'experiment', lasts: '1s', winner: 'manual', branches: [{ outcome: 'a', percent: 50 }, { outcome: 'b', percent: 50 }] }, { id: 'end', type: 'exit' }],
      edges: [{ from: 'start', to: 'try' }, { from: 'try', when: 'a', to: 'end' }, { from: 'try', when: 'b', to: 'end' }],
    });
    const experiment = async () => (await server.call('GET', `/v1/journeys/${id}`)).nodes.find((node) => node.id === 'try').experiment;
    await eventually('its time is over', async () => (await experiment())?.proposes !== undefined);
    const page = await signedIn(t, { locale });
    await page.show(`/journeys/${id}?view=live`);
    await page.locator('[data-id="try"]').click();
    await page.getByRole('button', { name: all }).click();
    await page.getByText(body).waitFor();
    assert.equal((await experiment()).goes_on_with, undefined, 'not before it is said again');
    await page.getByRole('dialog').getByRole('button', { name: new RegExp(yes) }).click();
    await page.getByText(chosen).waitFor();
    assert.equal((await experiment()).goes_on_with, 'b');
    assert.deepEqual(page.complaints, []);
  }
});

test('a customer’s way is shown with its reasons, and pausing and resuming say what they do', async (t) => {
  const page = await signedIn(t);
  await page.show('/journeys/welcome?view=why');
  await page.getByRole('searchbox', { name: '客户' }).fill('u3');
  await page.keyboard.press('Enter');
  await page.locator('.trace li', { hasText: '第 1 版' }).waitFor();
  await page.locator('.card.passed').nth(2).waitFor();
  await page.getByRole('button', { name: '暂停' }).click();
  await page.getByText(`${kCustomers} 位在途客户停在原处`).waitFor();
  await page.locator('.ant-modal').getByRole('button', { name: '暂停' }).click();
  await eventually('paused', async () => (await server.call('GET', '/v1/journeys/welcome')).phase === 'paused');
  await page.getByRole('button', { name: '恢复' }).click();
  await page.locator('.ant-modal').getByRole('button', { name: '恢复' }).click();
  await eventually('running', async () => (await server.call('GET', '/v1/journeys/welcome')).phase === 'running');
  await page.show('/journeys/messages?find=u3');
  await page.getByRole('cell', { name: '****', exact: true }).waitFor();
  await reveal(page);
  await page.getByRole('cell', { name: '客户3' }).waitFor();
  await page.getByRole('button', { name: '说结果' }).click();
  await page.getByRole('menuitem', { name: '已打开' }).click();
  await eventually('opened', async () => (await server.call('GET', '/v1/journeys/customers/login/u3')).trace.some(({ reason }) => reason === 'opened'));
  assert.deepEqual(page.complaints, []);
});

test('what is drawn is rehearsed, and let out step by step', async (t) => {
  const page = await signedIn(t);
  await page.show('/journeys/welcome?view=rehearse');
  await page.locator('.side').getByRole('button', { name: '预演' }).click();
  const figure = (name) => page.locator('.figures div', { hasText: name }).locator('dd').textContent();
  await page.locator('.figures').waitFor();
  const { entered, messages, inside } = await server.call('POST', '/v1/journeys/rehearse?days=30', welcome);
  const sent = Object.values(messages).flatMap(Object.values).reduce((sum, count) => sum + count, 0);
  assert.deepEqual([await figure('进入'), await figure('消息'), await figure('还在途中')], [entered, sent, inside].map(String));
  assert.equal(sent, kCustomers);
  await page.getByRole('img', { name: '每天每渠道的消息' }).locator('canvas').waitFor();

  await page.show('/journeys/welcome?view=live');
  const letOut = async (button, at) => {
    await page.locator('.side').getByRole('button', { name: button }).click();
    await page.locator('.ant-modal').getByRole('button', { name: '放量' }).click();
    await page.locator('.ant-steps-item-process', { hasText: at }).waitFor();
  };
  await page.getByRole('textbox', { name: '白名单条件' }).fill('DID(signed_up)');
  await letOut('白名单', 'DID(signed_up)');
  assert.deepEqual((await definition('welcome')).release, { who: 'DID(signed_up)', percent: 0 });
  await letOut('小流量', '5%');
  assert.deepEqual((await definition('welcome')).release, { who: 'DID(signed_up)', percent: 5 });
  await letOut('全量', '全量');
  assert.equal((await definition('welcome')).release, undefined);
  assert.deepEqual(page.complaints, []);
});

test('a version says at its publishing what becomes of those inside, and afterwards what it changed', async (t) => {
  const inside = (await server.call('GET', '/v1/journeys/welcome')).active;
  assert.ok(inside > 0);
  const page = await signedIn(t);
  await page.show('/journeys/welcome?view=design&node=pause');
  await page.locator('.side').getByRole('spinbutton', { name: '时长' }).fill('2');
  const publish = page.locator('.page-header').getByRole('button', { name: '发布' });
  await page.waitForFunction(() => !document.querySelector('.page-header .ant-btn-primary').disabled);
  await publish.click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText(`${inside} 位在途客户`).waitFor();
  await dialog.getByText('2h').waitFor();
  await assertAccessible(page, 'publishing');
  await dialog.getByRole('radio', { name: /换到这一版/ }).check();
  await dialog.getByRole('button', { name: '发布' }).click();
  await eventually('all are in the new version', async () => {
    const { versions: [last, before] } = await server.call('GET', '/v1/journeys/welcome/versions');
    return last.moved_in === inside && last.in_flight === 'migrate' && before.active === 0;
  });
  await page.show('/journeys/welcome?view=versions');
  await page.locator('.changes del', { hasText: '1h' }).waitFor();
  assert.equal(await page.locator('.figures div', { hasText: '换入' }).locator('dd').textContent(), String(inside));
  await assertAccessible(page, 'versions');
  assert.deepEqual(page.complaints, []);
});

test('a branch makes a journey of a template, and takes over its next version', async (t) => {
  const page = await signedIn(t);
  await page.show('/journeys/templates');
  await page.getByRole('link', { name: /总行欢迎/ }).click();
  await page.getByRole('button', { name: '由模板新建旅程' }).click();
  const drawer = page.getByRole('dialog');
  await drawer.getByRole('textbox', { name: '编号' }).fill('pudong');
  await drawer.getByRole('textbox', { name: '分行' }).fill('浦东支行');
  await drawer.getByRole('textbox', { name: '短信内容' }).fill('浦东欢迎您');
  await drawer.getByRole('button', { name: '发布' }).click();
  await page.getByRole('cell', { name: '浦东支行' }).waitFor();
  assert.equal((await definition('pudong')).nodes.find(({ id }) => id === 'hello').text, '浦东欢迎您');
  await server.call('PUT', '/v1/journeys/templates/hq', { name: '总行欢迎', journey: { ...welcome, id: undefined, priority: 60 }, open: [{ path: 'nodes.pause.for' }] });
  await page.show('/journeys/templates/hq');
  await page.getByText('1 处冲突').waitFor();
  await assertAccessible(page, 'a template');
  await page.getByRole('button', { name: '采用新版' }).click();
  await page.locator('.ant-modal').getByText('nodes.hello.text').waitFor();
  await page.locator('.ant-modal').getByRole('button', { name: '采用新版' }).click();
  await eventually('the new version', async () => { const { nodes, priority } = await definition('pudong'); return priority === 60 && nodes.find(({ id }) => id === 'hello').text === '您好 {{name}}'; });
  assert.deepEqual(page.complaints, []);
});

// 500 nodes: dragging one and zooming out make no frame that one would notice.
test('what needs attention stands on the page of its journey', async (t) => {
  const send = (batch) => fetch(`${server.base}/v1/batch`, { method: 'POST', headers: { authorization: `Basic ${btoa(`${kWriteKey}:`)}`, 'content-type': 'application/json' }, body: JSON.stringify({ batch }) });
  await server.call('POST', '/v1/journeys', {
    id: 'morning', entry: { kind: 'event', on: 'moved' }, nodes: [{ id: 'start', type: 'entry' }, { id: 'nine', type: 'wait', until: '09:00', note: '等到九点' }, { id: 'end', type: 'exit' }],
    edges: [{ from: 'start', to: 'nine' }, { from: 'nine', to: 'end' }],
  });
  const far = { userId: 'far', messageId: 'far1', type: 'identify', traits: { timezone: 'Asia/Shangahi' } };
  assert.ok((await send([far, { userId: 'far', messageId: 'far2', type: 'track', event: 'moved' }])).ok);
  const [alarm] = await eventually('an alarm', async () => (await server.call('GET', '/v1/journeys/morning')).alarms);
  assert.deepEqual([alarm.what, alarm.node, alarm.count], ['tz_invalid', 'nine', 1]);
  assert.match(await (await fetch(`${server.base}/metrics`)).text(), /^waypost_journey_alarms [1-9]/m);

  const page = await signedIn(t);
  await page.show('/journeys/morning?view=live');
  const alert = page.locator('.alarms');
  await alert.getByText('节点“等到九点”：有客户的时区无法识别').waitFor();
  await assertAccessible(page, 'alarms');
  await page.locator('.top button', { hasText: 'English' }).click();
  await alert.getByText('Node “等到九点”: Customers have a time zone that there is not').waitFor();
  assert.deepEqual(page.complaints, []);
});

// Ten minutes pass before a run is given up, so the page is told what the server says then.
test('a run that nobody came in by is said on the page, while it is tried and when it is given up', async (t) => {
  await server.call('POST', '/v1/segments', { id: 'gone', eql: 'DID(signed_up)' });
  const at = new Date(Date.now() + 4000 + 8 * 3_600_000).toISOString().slice(11, 19);
  await server.call('POST', '/v1/journeys', {
    id: 'daily', zone: 'Asia/Shanghai', entry: { kind: 'batch', segment: 'gone', schedule: { every: 'day', at } }, nodes: [{ id: 'start', type: 'entry' }, { id: 'end', type: 'exit' }], edges: [{ from: 'start', to: 'end' }],
  });
  await server.call('DELETE', '/v1/segments/gone');
  const shown = await eventually('a run that fails', async () => { const state = await server.call('GET', '/v1/journeys/daily'); return state.open_runs?.[0].error && state; });
  const page = await signedIn(t);
  await page.show('/journeys/daily?view=live');
  await page.getByRole('alert').filter({ hasText: '的批次还没有人进入' }).waitFor();
  await assertAccessible(page, 'a run fails');

  const [{ day, due, until, error }] = shown.open_runs;
  await page.route('**/v1/journeys/daily', (route) => route.fulfill({ json: { ...shown, open_runs: undefined, failed_runs: [{ day, due, given_up: until, error }] } }));
  await page.reload();
  await page.getByRole('alert').filter({ hasText: '的批次没有人进入' }).waitFor();
  assert.deepEqual(page.complaints, []);
});

test('a journey of 500 nodes is drawn and dragged smoothly', async (t) => {
  const chain = Array.from({ length: 498 }, (_, i) => ({ id: `n${i}`, type: i % 3 ? 'wait' : 'send', ...(i % 3 ? { for: '1d' } : { channel: 'sms', text: 'x' }) }));
  const nodes = [{ id: 'start', type: 'entry' }, ...chain, { id: 'end', type: 'exit' }];
  const edges = nodes.slice(1).map(({ id }, i) => ({ from: nodes[i].id, to: id }));
  nodes.forEach((node, i) => (node.at = { x: (i % 25) * 280, y: Math.floor(i / 25) * 120 }));
  await server.call('POST', '/v1/journeys', { id: 'large', entry: { kind: 'api' }, nodes, edges });
  const page = await signedIn(t);
  await page.show('/journeys/large?view=design');
  await page.locator('.react-flow__controls-fitview').click();
  await page.locator('.react-flow__node').nth(400).waitFor();
  const box = await page.locator('[data-id="n260"]').boundingBox();
  await page.evaluate(() => {
    globalThis.frames_ = [];
    let last = performance.now();
    const tick = (now) => { globalThis.frames_.push(now - last); last = now; globalThis.ticking_ = requestAnimationFrame(tick); };
    requestAnimationFrame(tick);
  });
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.mouse.down();
  for (let i = 0; i < 60; ++i) await page.mouse.move(box.x + i * 4, box.y + i * 2);
  await page.mouse.up();
  const frames = (await page.evaluate(() => { cancelAnimationFrame(globalThis.ticking_); return globalThis.frames_; })).toSorted((a, b) => a - b);
  const median = frames[Math.floor(frames.length / 2)], worst = frames[Math.floor(frames.length * 0.95)];
  t.diagnostic(`${frames.length} frames, median ${median.toFixed(1)} ms, 95% within ${worst.toFixed(1)} ms`);
  assert.ok(median < 200, `a frame took ${median} ms`);
  await page.getByRole('button', { name: '撤销' }).click();
  assert.deepEqual(page.complaints, []);
});
