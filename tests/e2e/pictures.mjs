// Pictures of every page of the console over a demo bank, in both languages: `./dev pictures` says how. Who
// changes a page looks at it: cut texts, raw codes and empty pages that say nothing pass every other test.
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { at, settled, signedIn } from './console.mjs';
import { eventually, kRoles, kRoot, launchBrowser, serverAt, startWaypost } from './harness.mjs';
import { createServer } from '../../web/node_modules/vite/dist/node/index.js';

const { values: chosen } = parseArgs({
  options: {
    at: { type: 'string', default: '' }, // of a server that runs, with the token of the tests, and not of a new bank
    to: { type: 'string', default: path.join(kRoot, '.dev/pictures') },
    only: { type: 'string', default: '' }, // pages whose address holds this
    size: { type: 'string', default: '1366x768' },
    readme: { type: 'boolean', default: false }, // those that README.md shows, into docs/images
  },
});

const kPeople = { pictures: kRoles, keeper: ['security_admin'], reader: ['auditor'] };
const kMonth = { last: 30, unit: 'day', include_current: false };
const kTrends = { ask: 'trends', range: kMonth, interval: 'day', measures: [{ name: 'm1', of: 'app_start', measure: 'uniques' }, { name: 'm2', of: 'purchase_success', measure: 'uniques' }] };
const kFunnel = { ask: 'funnel', range: kMonth, window: '7d', steps: ['product_detail', 'buy_click', 'pay_submit', 'purchase_success'], times: true };
const kRetention = { ask: 'retention', range: kMonth, start: 'app_start', return: 'app_start' };
const kPortrait = { ask: 'portrait', groups: ['wealthy', 'sleeping_vip'].map((id) => ({ name: id, who: { eql: `IN SEGMENT ${id}` } })) };

// What stands for the places in braces, and pages that are worth more than one look.
const kShown = {
  '/customers': ['/customers', '/customers?find=C000000'],
  '/customers/:key/:value': ['timeline', 'attributes', 'details', 'identities', 'tags', 'segments', 'touches'].map((tab) => `/customers/login/C0000001?tab=${tab}`),
  '/tags/:id': ['/tags/age_group'], '/tags/:id/edit': ['/tags/age_group/edit'],
  '/segments/:id': ['/segments/wealthy'], '/segments/:id/edit': ['/segments/wealthy/edit'], '/segments/overlap': ['/segments/overlap?ids=wealthy,sleeping_vip'],
  '/journeys/:id': ['/journeys/salary-day', '/journeys/salary-day?view=design'], '/journeys/templates/:id': [],
  '/templates/:id': ['/templates/salary'], '/analysis/dashboards/:id': ['/analysis/dashboards/week'], '/data/tables/:id': ['/data/tables/product'],
  '/analysis/trends': ['/analysis/trends', `/analysis/trends${at(kTrends)}`], '/analysis/funnel': ['/analysis/funnel', `/analysis/funnel${at(kFunnel)}`],
  '/analysis/retention': [`/analysis/retention${at(kRetention)}`], '/analysis/portrait': ['/analysis/portrait', `/analysis/portrait${at(kPortrait)}`],
  '/channels/:name': ['/channels/task'],
};
// A journey in which everything that an editor has is said.
const kFull = {
  id: 'full', name: '财富客户周年回访', name_en: 'Anniversary of wealthy customers', tags: ['周年'], value: { attribute: 'assets' }, mandatory: true, zone: 'Asia/Shanghai', on_late: 'exit', max_lateness: '2h', resume_per_second: 500, clock_while_paused: 'frozen', budget_sends: 5000,
  goal: { event: 'purchase_success', value: 'amount', count: 'every', unique: 'product_id', reversal: 'transfer_failed', window: '7d' }, exit_on: [{ when: 'assets < 1000' }], entry_cap_each: { attribute: 'branch', limit: 500 }, reentry: { policy: 'after_interval', interval: '30d', from: 'exit', limit: 2, per: '1mo' },
  entry: { kind: 'batch', segment: 'wealthy', rank: { attribute: 'assets' }, schedule: { every: 'month', day: 31, month_end: 'last_day', at: '09:00', catch_up: 'latest', grace: '3h' }, waves: { every: '1d', each: [{ percent: 5 }, { rank: 500000, texts: [{ node: 'hello', text: '{{name}}您好，感谢多年信任' }, { node: 'again', step: 2, text: '周年礼还在' }] }, { number: 2000, after: '7d' }], remainder: 'drop', exclude: ['converted', 'capped'], no_overlap: true } },
  nodes: [
    { id: 'start', type: 'entry' }, { id: 'hello', type: 'send', channel: 'sms', text: '{{name}}您好，一年了', only_if: 'vip >= 1', on_cap: 'next_channel', instead: [{ channel: 'push', text: '{{name}}您好' }], benefit: 'gift' }, { id: 'seen', type: 'wait_event', branches: [{ outcome: 'opened', receipt: 'opened' }, { outcome: 'bought', event: 'purchase_success', where: 'amount > 1000' }], timeout: '3d' },
    { id: 'test', type: 'experiment', branches: [{ outcome: 'a', percent: 20 }, { outcome: 'b', percent: 20 }], lasts: '2d', test: 'bayesian', winner: 'manual', no_winner: 'b' }, { id: 'again', type: 'chain', steps: [{ channel: 'push', text: '有礼相送', success: 'opened', wait: '1d', only_if: 'vip >= 1' }, { channel: 'sms', text: '有礼相送', success: 'clicked', wait: '2d' }] },
    { id: 'pause', type: 'wait', date: 'registered', months: 12, days: -1, until: '10:00' }, { id: 'mark', type: 'list', list: 'invited', action: 'add' }, { id: 'over', type: 'call', journey: 'salary-day' }, { id: 'end', type: 'exit' },
  ],
  edges: [['start', 'hello'], ['hello', 'seen'], ['seen', 'test', 'opened'], ['seen', 'mark', 'bought'], ['seen', 'pause', 'timeout'], ['test', 'again', 'a'], ['test', 'pause', 'b'], ['again', 'mark', 'succeeded'], ['pause', 'over'], ['mark', 'end'], ['over', 'end']].map(([from, to, when]) => ({ from, to, ...(when && { when }) })),
};
const kReadme = { home: '/', funnel: kShown['/analysis/funnel'][1], tag: '/tags/age_group', journey: '/journeys/salary-day' };

// As the console has them: path and right.
async function pagesOfConsole() {
  globalThis.localStorage ??= { getItem: () => 'zh' };
  const vite = await createServer({ root: path.join(kRoot, 'web'), server: { middlewareMode: true, watch: null }, appType: 'custom', logLevel: 'error' });
  const { pages } = await vite.ssrLoadModule('/src/app/pages.ts');
  await vite.close();
  return pages;
}

// What a bank has that was at work for a while.
async function furnish(server) {
  await eventually('the bank is made', async () => (await server.call('GET', '/v1/journeys')).journeys.some(({ id }) => id === 'vip-return'), 300);
  await server.call('PUT', '/v1/questions/active', { name: '每日活跃与购买', shared: true, body: kTrends });
  await server.call('PUT', '/v1/questions/purchase', { name: '购买漏斗', shared: true, body: kFunnel });
  await server.call('PUT', '/v1/dashboards/week', { name: '运营周报', shared: true, body: { tiles: [{ question: 'active', size: 'half' }, { question: 'purchase', size: 'half' }] } });
  await server.call('PUT', '/v1/templates/salary', { name: '发薪提醒', shared: true, body: { text: '【银行】{{customer.name|default:"客户"}}您好，{{entry.amount|money}}元工资已到账，拒收请回复R', channel: 'sms', category: 'marketing' } });
  await server.call('POST', '/v1/lists', { id: 'invited', name_zh: '周年客户', name_en: 'Anniversary guests', key: 'login', values: ['C0000001'] });
  await server.call('POST', '/v1/journeys', kFull);
}

// Signs in who may see all of it between them; gives the page of the first who has a right.
async function people(browser, server) {
  const [width, height] = chosen.size.split('x').map(Number);
  const shown = [];
  for (const [name, roles] of Object.entries(kPeople)) {
    if (!(await server.call('GET', '/v1/users')).items.some((user) => user.name === name)) await server.addUser(name, '李娜', roles);
    const page = await signedIn({ after() {} }, browser, server, { viewport: { width, height } }, name);
    const { rights } = await page.evaluate(() => fetch('/v1/session').then((answer) => answer.json()));
    shown.push({ page, rights });
  }
  return (right) => shown.find(({ rights }) => !right || rights.includes(right)).page;
}

// Layers over pages: what to press, by its words in either language.
const kLayers = [
  { name: 'identity-erase', address: '/customers/login/C0000001?tab=identities', press: ['删除客户|Erase'] },
  { name: 'identity-why', address: '/customers/login/C0000001?tab=identities', press: ['为什么|Why'] },
  { name: 'identity-key', address: '/data/identity?open=phone' },
  { name: 'identity-attribute', address: '/data/identity', press: ['修改 多个标识|Edit Whose', '添加属性|Add an attribute'] },
  { name: 'table-declare', address: '/data/tables', press: ['新建数据表|New table'] },
  { name: 'table-upload', address: '/data/tables/product', press: ['上传数据|Upload rows'] },
  { name: 'plan-event', address: '/data/plan', press: ['编辑|Edit'] },
  { name: 'delivery', address: '/tags/deliveries?open=%2Bnew' },
  { name: 'segment-upload', address: '/segments', press: ['上传名单|Upload list'] },
  { name: 'segment-save', address: '/segments/new?eql=vip%20%3E%3D%202', press: ['保存|Save'] },
  { name: 'segment-rule', address: '/segments/new?eql=' + encodeURIComponent('vip >= 2 AND DID(transfer_success, amount > 1000) LAST 30 DAYS COUNT >= 2 AND (TAG(asset_tier) = 财富 OR NOT IN SEGMENT wealthy) AND SEQ(product_detail THEN WITHIN 1 DAY buy_click) AND ANY holding[matures NEXT 30 DAYS]') },
  { name: 'segment-export', address: '/segments/wealthy', press: ['更多操作|More', '导出|Export'] },
  { name: 'policy', address: '/messages/policy', press: ['修改规则|Change'] },
  { name: 'consent', address: '/messages/consent?of=login%3AC0000001' },
  { name: 'channel-sms', address: '/channels/new?from=sms' },
  ...['start', 'rich', 'offer', 'look', 'end'].map((node) => ({ name: `node-${node}`, address: `/journeys/salary-day?view=design&node=${node}` })),
  ...kFull.nodes.slice(0, -1).map(({ id }) => ({ name: `full-${id}`, address: `/journeys/full?view=design&node=${id}` })), { name: 'full-journey', address: '/journeys/full?view=design' },
  ...['rehearse', 'versions', 'why&who=login:C0000001'].map((view) => ({ name: `journey-${view.split('&')[0]}`, address: `/journeys/salary-day?view=${view}` })),
  { name: 'user-new', address: '/settings/users', press: ['新建用户|New user'] },
  { name: 'key-new', address: '/settings/keys', right: 'keys.change', press: ['新建密钥|New key'] },
  { name: 'flow', address: '/settings/flows', right: 'roles.change', press: ['建立流程|Make a flow'] },
  { name: 'dashboard-new', address: '/analysis/dashboards', press: ['新建看板|New dashboard'] },
  { name: 'question-save', address: `/analysis/funnel${at(kFunnel)}`, press: ['保存|Save'] },
  { name: 'clear', address: '/', press: ['显示明文|Show in clear'] },
  { name: 'search', address: '/', press: ['Ctrl K'] },
];

const nameOf = (address) => (address === '/' ? 'home' : decodeURIComponent(address).slice(1).replace(/\?q=.*/, '-asked').replace(/[^\w.=+-]+/g, '-'));

// Texts that do not fit where they stand and do not say so with dots.
const cutTexts = () => [...document.querySelectorAll('h1, h2, h3, th, button, label, dt, .ant-tag, .ant-menu-title-content, .ant-tabs-tab')]
  .filter((one) => one.offsetParent && !one.matches('[class*=cell-fix]') && one.scrollWidth > one.clientWidth + 1 && one.clientWidth > 0).map((one) => one.innerText.trim()).filter(Boolean);

async function take(page, address, language, file, press = []) {
  if (!(await page.locator('.top button', { hasText: language === 'en' ? '中文' : 'English' }).count())) await page.locator('.top button', { hasText: language === 'en' ? 'English' : '中文' }).dispatchEvent('click');
  await page.turn(address);
  await page.locator('h1').waitFor();
  await settled(page).catch((late) => console.log(`${file}: ${late.message}`));
  for (const words of press) {
    await page.getByRole('button', { name: new RegExp(words) }).or(page.getByRole('menuitem', { name: new RegExp(words) })).last().click({ timeout: 5_000 }).catch(() => console.log(`${file}: nothing to press: ${words}`));
    await page.waitForTimeout(400); // drawers slide
    await settled(page).catch((late) => console.log(`${file}: ${late.message}`));
  }
  const cut = await page.evaluate(cutTexts);
  if (cut.length) console.log(`${file}: cut: ${cut.join(' | ')}`);
  await page.screenshot({ path: file });
}

async function takeAll(browser, server) {
  const pageFor = await people(browser, server);
  const layers = kLayers.map(({ name, ...more }) => ({ ...more, name: `layer-${name}` }));
  const addresses = (await pagesOfConsole()).flatMap(({ path: place, right }) => (kShown[place] ?? [place]).map((address) => ({ address, right }))).concat(layers);
  const wanted = chosen.readme ? Object.entries(kReadme).map(([name, address]) => ({ name, address })) : addresses.filter(({ address, name = '' }) => decodeURIComponent(address).includes(chosen.only) || name.includes(chosen.only));
  const folder = chosen.readme ? path.join(kRoot, 'docs/images') : chosen.to;
  fs.mkdirSync(folder, { recursive: true });
  for (const language of chosen.readme ? ['en'] : ['zh', 'en'])
    for (const { address, right, name, press } of wanted) await take(pageFor(right), address, language, path.join(folder, `${chosen.readme ? name : `${name ?? nameOf(address)}.${language}`}.png`), press);
}

const server = chosen.at ? { ...serverAt(chosen.at), stop() {} } : await startWaypost(undefined, ['--customers', 3000, '--days', 120], 'demo');
const browser = await launchBrowser();
try {
  if (!chosen.at) await furnish(server);
  await takeAll(browser, server);
} finally {
  await browser.close();
  await server.stop();
}
