// What opens above a page, drawers and dialogs, is accessible in both languages and fits; and a list in a panel turns
// its pages and keeps their number.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { assertAccessible, sendPeople, settled, signedIn } from './console.mjs';
import { eventually, launchBrowser, startWaypost } from './harness.mjs';

let browser, server;
before(async () => {
  browser = await launchBrowser();
  server = await startWaypost();
  await sendPeople(server);
  await server.addUser('li', '李娜', ['system_admin', 'lead', 'data_engineer']);
  await server.addUser('sun', '孙洁', ['security_admin']);
  await server.call('POST', '/v1/segments', { id: 'payers', name_zh: '付过款的', name_en: 'Payers', eql: 'DID(pay)' });
  for (let run = 0; run < 2; ++run) await server.call('POST', '/v1/segments/payers/run');
  await server.call('POST', '/v1/tags', { id: 'tier', name_zh: '等级', name_en: 'Tier', make: { kind: 'value', of: 'vip' } });
  await server.call('PUT', '/v1/tables/product', { zh: '产品', en: 'Product', key: ['id'], columns: [{ name: 'id', type: 'string', class: 'C1' }] });
  await server.call('POST', '/v1/journeys', { id: 'hello', name: '欢迎', entry: { kind: 'api' }, nodes: [{ id: 'start', type: 'entry' }, { id: 'wait', type: 'wait', for: '30d' }, { id: 'end', type: 'exit' }], edges: [{ from: 'start', to: 'wait' }, { from: 'wait', to: 'end' }] });
  for (let i = 0; i < 60; ++i) await server.call('POST', '/v1/journeys/hello/entries', { customer: { key: 'login', value: `u${i}` } });
});
after(async () => {
  await browser.close();
  await server.stop();
});

const kLayers = [
  ['li', '/', '显示明文|Show in clear'], ['li', '/', '李娜', '更改密码|Change password'], ['li', '/', '李娜', '双因素验证|Second factor'], ['li', '/', 'Ctrl K'],
  ['li', '/customers/login/u1?tab=identities', '删除客户|Erase'], ['li', '/data/identity?open=phone'], ['li', '/data/tables', '新建数据表|New table'], ['li', '/data/tables/product', '上传数据|Upload rows'],
  ['li', '/data/plan', '编辑|Edit'], ['li', '/segments', '上传名单|Upload list'], ['li', '/segments/new?eql=vip%20%3E%3D%202', '保存|Save'], ['li', '/segments/payers', '更多操作|More', '导出|Export'],
  ['li', '/messages/policy', '修改规则|Change'], ['li', '/channels/new'], ['li', '/settings/users', '新建用户|New user'], ['li', '/analysis/dashboards', '新建看板|New dashboard'],
  ['li', '/tags/tier?tab=history'], ['li', '/journeys/hello?view=try'], ['li', '/journeys/hello?view=rehearse'], ['li', '/journeys/hello?view=why&who=login%3Au1'], ['li', '/journeys/hello?view=live&node=wait'],
  ['sun', '/settings/keys', '新建密钥|New key'], ['sun', '/settings/flows', '建立流程|Make a flow'], ['sun', '/settings/roles', '新建角色|New role'], ['sun', '/settings/organisations', '新建机构|New organisation'],
];

test('what opens above a page is for everybody, in both languages', async (t) => {
  const found = [];
  for (const name of ['li', 'sun']) {
    const page = await signedIn(t, browser, server, {}, name);
    for (const [, address, ...press] of kLayers.filter(([of]) => of === name)) {
      await page.show(address); // anew: what the frame opened stays open
      await page.locator('h1').waitFor();
      await settled(page);
      for (const words of press) {
        await page.getByRole('button', { name: new RegExp(words) }).or(page.getByRole('menuitem', { name: new RegExp(words) })).last().click();
        await page.waitForTimeout(300); // drawers slide
      }
      for (const language of ['English', '中文']) {
        await settled(page);
        await assertAccessible(page, address).catch((error) => found.push(`${address} ${press} before ${language}: ${error.actual ?? error.message}`));
        if ((await page.evaluate(() => document.documentElement.scrollWidth)) > 1366) found.push(`${address} ${press} before ${language}: too wide`);
        await page.locator('.top button', { hasText: language }).dispatchEvent('click'); // the layer is above it
      }
    }
    assert.deepEqual(page.complaints.filter((text) => !/40[34]|422/.test(text)), [], name);
  }
  assert.deepEqual(found, []);
});

test('a list in a panel turns its pages, says how many there are, and keeps its place', async (t) => {
  const page = await signedIn(t, browser, server);
  await page.show('/segments/payers?tab=members');
  await page.locator('.ant-pagination-item-2').waitFor();
  const first = await page.locator('tbody tr.ant-table-row').first().innerText();
  await page.locator('.ant-pagination-item-2 a').click();
  await eventually('another page', async () => (await page.locator('tbody tr.ant-table-row').first().innerText()) !== first);
  await page.reload();
  await page.locator('.ant-pagination-item-2.ant-pagination-item-active').waitFor();
});
