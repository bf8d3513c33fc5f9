// The ten things a newcomer does, in one sitting on an empty server, in Chinese and in English:
//   1 send a first event                 6 ask a funnel and open who is behind a number
//   2 give it a name                     7 select a segment and see what it is like
//   3 find a customer                    8 write a message
//   4 load holdings from a file          9 give a journey its message and publish it
//   5 watch the guide tick              10 read its messages, and which way brings more
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { settled, signedIn, titled } from './console.mjs';
import { eventually, kRoles, kWriteKey, launchBrowser, startWaypost } from './harness.mjs';

let browser;
before(async () => { browser = await launchBrowser(); });
after(() => browser.close());

const kCustomers = 60;

for (const [locale, say] of [['zh-CN', (zh) => zh], ['en-US', (_, en) => en]]) {
  test(`a newcomer goes the whole way in ${locale}`, async (t) => {
    const server = await startWaypost();
    t.after(server.stop);
    await server.call('PUT', '/v1/roles/loader', { name_zh: '导入', name_en: 'Loader', rights: ['customers.view', 'customers.change'] });
    await server.addUser('li', '李娜', [...kRoles, 'loader']);
    const page = await signedIn(t, browser, server, { locale });
    // An icon before its words is part of a button's name.
    const button = (zh, en, of = page) => of.getByRole('button', { name: new RegExp(`(^| )${say(zh, en)}$`) });
    const field = (zh, en, of = page) => of.getByRole('textbox', { name: new RegExp(`(^| )${say(zh, en)}$`) });
    const drawer = page.locator('.ant-drawer'), modal = page.locator('.ant-modal');
    const said = (zh, en) => page.getByText(say(zh, en)).first().waitFor();
    const ticked = (zh, en) => page.locator('.steps .done', { hasText: say(zh, en) }).waitFor();
    const send = async (events) => {
      const sent = await fetch(`${server.base}/v1/events`, { method: 'POST', headers: { authorization: `Basic ${btoa(`${kWriteKey}:`)}` }, body: JSON.stringify(events) });
      assert.equal((await sent.json()).accepted, events.length);
    };
    const of = (i, event, properties = {}) => ({ event, distinct_id: `u${i}`, identities: { $identity_login_id: `u${i}` }, properties });

    await t.test('1 send a first event, with the key that the page shows', async () => {
      await page.locator('.snippet', { hasText: kWriteKey }).first().waitFor();
      await send([{ type: 'profile_set', ...of(0, undefined), properties: { name: '客户0' }, event: undefined }, of(0, 'product_view', { price: 5 })]);
      await ticked('发送第一条事件', 'Send your first event');
      await ticked('认识第一位客户', 'Know your first customer');
    });

    await t.test('2 give it a name that everybody uses', async () => {
      await page.turn('/data/plan');
      await button('编辑 product_view', 'Edit product_view').click();
      await field('中文名', 'Chinese name').fill('看产品');
      await field('英文名', 'English name').fill('Looked at a product');
      await button('保存', 'Save').click();
      await page.getByRole('cell', { name: '看产品' }).waitFor();
    });

    await t.test('3 find a customer, and what they did', async () => {
      await page.turn('/customers');
      await page.getByRole('textbox').first().fill('u0');
      await page.getByRole('link', { name: 'u0' }).or(page.getByRole('link', { name: /^客/ })).first().click();
      await page.locator('.session .line', { hasText: say('看产品', 'Looked at a product') }).waitFor();
    });

    await t.test('4 declare a table and load holdings from a file', async () => {
      await page.turn('/data/tables');
      await button('新建数据表', 'New table').first().click();
      await drawer.getByRole('textbox', { name: say('编号', 'Id') }).fill('holding');
      await field('中文名', 'Chinese name', drawer).first().fill('持仓');
      await field('英文名', 'English name', drawer).first().fill('Holding');
      await drawer.getByRole('combobox', { name: say('属于谁', 'Belongs to') }).click();
      await page.locator('.ant-select-item', { hasText: say('客户的明细', 'Customers (details)') }).click();
      await button('添加字段', 'Add a column', drawer).click();
      await field('字段 2', 'Column 2', drawer).fill('amount');
      await drawer.getByRole('combobox', { name: say('数据类型 2', 'Type 2') }).click();
      await page.locator('.ant-select-item', { hasText: say('金额', 'money') }).click();
      await button('保存', 'Save', drawer).click();
      await titled(page, say('持仓', 'Holding'));
      await button('上传数据', 'Upload rows').first().click();
      await drawer.locator('input[type=file]').setInputFiles({ name: 'holdings.csv', mimeType: 'text/csv', buffer: Buffer.from('login,id,amount\r\nu0,h1,12500.5\r\nu0,h2,300\r\n') });
      await button('开始导入', 'Upload', drawer).click();
      await said('2 行已导入', '2 rows are in');
      await button('关闭', 'Close', drawer).last().click();
      await page.turn('/customers/login/u0?tab=details');
      await page.locator('tbody tr', { hasText: '***' }).nth(1).waitFor(); // a customer's values are masked until they are asked for
      assert.equal((await server.call('GET', '/v1/customers/login/u0/tables/holding')).total, 2);
    });

    await t.test('5 the guide knows what is done, and what comes next', async () => {
      await page.turn('/');
      await ticked('声明一个事件', 'Declare an event');
      assert.equal(await page.locator('.steps [aria-current=step]').count(), 1);
    });

    await t.test('6 ask a funnel and open who is behind a number', async () => {
      await send(Array.from({ length: kCustomers }, (_, i) => [of(i, 'product_view', { price: i }), ...(i % 3 === 0 ? [of(i, 'ordered', { price: i })] : [])]).flat());
      await eventually('all are there', async () => (await server.call('POST', '/v1/eql/estimate', { eql: 'DID(ordered)' })).count === kCustomers / 3);
      const question = { ask: 'funnel', range: { last: 7, unit: 'day', include_current: true }, window: '7d', steps: ['product_view', 'ordered'] };
      await page.turn(`/analysis/funnel?q=${encodeURIComponent(JSON.stringify(question))}`);
      await page.getByRole('button', { name: say(`ordered 到达 ${kCustomers / 3}`, `ordered ${kCustomers / 3} reached`) }).click();
      await titled(page, say(`${kCustomers / 3} 位客户`, `${kCustomers / 3} customers`));
    });

    await t.test('7 select a segment, and see what it is like', async () => {
      await page.turn('/segments/new');
      await page.locator('.eql textarea').fill('DID(ordered)');
      await page.locator('.size b', { hasText: new RegExp(`^${kCustomers / 3}$`) }).waitFor();
      await button('保存', 'Save').click();
      await field('中文名', 'English name', drawer).fill('下单客户');
      await button('保存并运行', 'Save and run').click();
      await titled(page, '下单客户');
      await button('画像', 'Portrait').click();
      await page.locator('.numbers b', { hasText: String(kCustomers / 3) }).waitFor();
    });

    await t.test('8 write a message, which is reviewed while it is written', async () => {
      await page.turn('/templates/new');
      await field('名称', 'Name').fill('Hello');
      await field('内容', 'Text').fill('【银行】您好，{{entry.price|money}}元的产品在等您，拒收请回复R');
      await page.locator('.ant-tag', { hasText: 'entry.price' }).waitFor();
      await button('保存', 'Save').click();
      await titled(page, 'Hello');
    });

    await t.test('9 give a journey with an experiment its message, and publish it', async () => {
      const nodes = [
        { id: 'start', type: 'entry' }, { id: 'try', type: 'experiment', lasts: '1d', branches: [{ outcome: 'a', percent: 50 }, { outcome: 'b', percent: 50 }] },
        { id: 'say', type: 'send', channel: 'sms', text: '您好' }, { id: 'end', type: 'exit' },
      ];
      const edges = [{ from: 'start', to: 'try' }, { from: 'try', when: 'a', to: 'say' }, { from: 'try', when: 'b', to: 'end' }, { from: 'say', to: 'end' }];
      await server.call('POST', '/v1/journeys', { id: 'welcome', name: 'Welcome', entry: { kind: 'event', on: 'product_view' }, goal: { event: 'ordered' }, nodes, edges });
      await page.turn('/journeys/welcome?view=design');
      await page.locator('[data-id="say"]').click();
      await page.getByRole('combobox', { name: say('模板', 'Template') }).click();
      await page.locator('.ant-select-item', { hasText: 'Hello' }).click();
      await button('发布', 'Publish').click();
      await button('发布', 'Publish', modal).click();
      await eventually('version 2', async () => (await server.call('GET', '/v1/journeys/welcome')).version === 2);
      await page.waitForURL(/view=live/);
    });

    await t.test('10 read its messages, and which way brings more', async () => {
      await send(Array.from({ length: kCustomers }, (_, i) => of(i, 'product_view', { price: i })));
      const arms = async () => (await server.call('GET', '/v1/journeys/welcome')).nodes.find(({ id }) => id === 'try').experiment.arms;
      await eventually('all are in', async () => (await arms()).reduce((sum, { entered }) => sum + entered, 0) === kCustomers);
      const { customers } = await server.call('GET', '/v1/journeys/welcome/nodes/try/customers?outcome=a');
      await send(customers.map(({ name }) => of(Number(name.slice('login:u'.length)), 'ordered')));
      await eventually('they reached the goal', async () => (await arms())[0].converted === customers.length);
      await page.turn('/journeys/messages');
      await page.locator('tbody tr', { hasText: 'welcome' }).first().waitFor();
      await page.turn('/journeys/welcome?view=live&node=try');
      await page.locator('.side .uplift', { hasText: say(/比 a 低 -[\d.]+ 个百分点.*不是偶然/, /points under a .* more than chance/) }).waitFor();
    });

    await settled(page);
    assert.deepEqual(page.complaints.filter((text) => !/404|422/.test(text)), []);
  });
}
