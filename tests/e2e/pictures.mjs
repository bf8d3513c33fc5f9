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

const nameOf = (address) => (address === '/' ? 'home' : decodeURIComponent(address).slice(1).replace(/\?q=.*/, '-asked').replace(/[^\w.=+-]+/g, '-'));

// Texts that do not fit where they stand and do not say so with dots.
const cutTexts = () => [...document.querySelectorAll('h1, h2, h3, th, button, label, dt, .ant-tag, .ant-menu-title-content, .ant-tabs-tab')]
  .filter((one) => one.offsetParent && !one.matches('[class*=cell-fix]') && one.scrollWidth > one.clientWidth + 1 && one.clientWidth > 0).map((one) => one.innerText.trim()).filter(Boolean);

async function take(page, address, language, file) {
  if (!(await page.locator('.top button', { hasText: language === 'en' ? '中文' : 'English' }).count())) await page.locator('.top button', { hasText: language === 'en' ? 'English' : '中文' }).dispatchEvent('click');
  await page.turn(address);
  await page.locator('h1').waitFor();
  await settled(page).catch((late) => console.log(`${file}: ${late.message}`));
  const cut = await page.evaluate(cutTexts);
  if (cut.length) console.log(`${file}: cut: ${cut.join(' | ')}`);
  await page.screenshot({ path: file });
}

async function takeAll(browser, server) {
  const pageFor = await people(browser, server);
  const addresses = (await pagesOfConsole()).flatMap(({ path: place, right }) => (kShown[place] ?? [place]).map((address) => ({ address, right })));
  const wanted = chosen.readme ? Object.entries(kReadme).map(([name, address]) => ({ name, address })) : addresses.filter(({ address }) => decodeURIComponent(address).includes(chosen.only));
  const folder = chosen.readme ? path.join(kRoot, 'docs/images') : chosen.to;
  fs.mkdirSync(folder, { recursive: true });
  for (const language of chosen.readme ? ['en'] : ['zh', 'en'])
    for (const { address, right, name } of wanted) await take(pageFor(right), address, language, path.join(folder, `${name ?? `${nameOf(address)}.${language}`}.png`));
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
