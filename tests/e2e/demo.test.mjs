// The demo bank is alive: customers with what they hold, a held-out group, segments,
// journeys that have sent something, visits while one looks; and the second start is a start.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { eventually, startWaypost } from './harness.mjs';

const kSmall = ['--customers', 400, '--days', 60];
let bank;
// It answers while it is being made.
before(async () => {
  bank = await startWaypost(undefined, kSmall, 'demo');
  await eventually('the last journey', async () => (await bank.call('GET', '/v1/journeys')).journeys.some(({ id }) => id === 'vip-return'), 90);
});
after(() => bank.stop());

const ask = (question) => bank.call('POST', '/v1/query', { range: { last: 60, unit: 'day', include_current: true }, ...question });

test('customers have accounts and holdings of products that are there', async () => {
  const { items } = await bank.call('GET', '/v1/tables');
  const rows = Object.fromEntries(items.map(({ id, rows: count }) => [id, count]));
  assert.ok(rows.product > 20 && rows.organisation > 100 && rows.employee > rows.organisation, JSON.stringify(rows));
  assert.ok(rows.account >= 400 && rows.holding > 100, JSON.stringify(rows));
  const holders = await bank.call('POST', '/v1/eql/estimate', { eql: 'ANY holding[product_id.type = 基金 AND amount > 0]' });
  assert.ok(holders.count > 5 && holders.count < 400, JSON.stringify(holders));
  const accounts = await bank.call('GET', '/v1/customers/login/C0000001/tables/account');
  assert.ok(accounts.rows.length >= 1);
});

test('who was held out got no push, and others did', async () => {
  const pushed = async (group) => (await ask({ ask: 'trends', interval: 'all', measures: [{ name: 'm', of: 'push_receive', measure: 'uniques' }], who: { eql: `touch_group = ${group}` } })).everyone.measures.m;
  assert.equal((await pushed('对照组')).buckets[0], 0);
  assert.ok((await pushed('触达组')).buckets[0] > 50);
});

test('journeys run, and the sandbox shows what they said', async () => {
  const { journeys } = await bank.call('GET', '/v1/journeys');
  assert.deepEqual(journeys.filter(({ name, name_en }) => !/[\u4e00-\u9fff]/.test(name) || !/^[A-Z][a-zA-Z ]+$/.test(name_en)), []);
  assert.deepEqual(journeys.map(({ id, phase }) => [id, phase]).sort(), [['broken-purchase', 'running'], ['maturity-care', 'running'], ['salary-day', 'running'], ['vip-return', 'running']]);
  const { items } = await eventually('a message', async () => {
    const sandbox = await bank.call('GET', '/v1/journeys/messages/sandbox');
    return sandbox.items.length > 0 && sandbox;
  });
  assert.match(items[0].text, /[\u4e00-\u9fff]/);
  const { items: segments } = await bank.call('GET', '/v1/segments');
  assert.deepEqual(segments.map(({ id }) => id).sort(), ['fund_holders', 'here_now', 'maturing', 'salary_not_invested', 'sleeping_vip', 'wealthy']);
});

test('a dashboard shows saved questions, each of which has an answer and a name in both languages', async () => {
  const { items: [board] } = await eventually('the dashboard', async () => {
    const saved = await bank.call('GET', '/v1/dashboards');
    return saved.items.length > 0 && saved;
  });
  const { items } = await bank.call('GET', '/v1/questions');
  assert.deepEqual(board.body.tiles.map(({ question }) => question).sort(), items.map(({ id }) => id).sort());
  for (const { name, name_en, body } of [board, ...items]) {
    assert.match(name, /[\u4e00-\u9fff]/);
    assert.match(name_en, /^[A-Z][\x20-\x7e]+$/);
    if (body.ask) assert.equal((await bank.call('POST', '/v1/query', body)).ask, body.ask);
  }
});

test('categories, albums and templates have names in both languages', async () => {
  const { categories, albums } = await bank.call('GET', '/v1/tags');
  const { items: templates } = await bank.call('GET', '/v1/templates');
  assert.ok(categories.length > 20 && albums.length > 5 && templates.length > 2);
  for (const { name, name_en } of [...categories, ...albums, ...templates]) {
    assert.match(name, /[\u4e00-\u9fff]/);
    assert.match(name_en ?? '', /^[A-Z][\x20-\x7e]+$/, name);
  }
});

test('somebody visits while one looks; the second start makes nothing anew', async () => {
  const newest = async () => JSON.stringify((await bank.call('GET', '/v1/events/recent?limit=1')).items[0]);
  const first = await newest();
  await eventually('a visit', async () => (await newest()) !== first, 120);
  const count = async () => (await bank.call('POST', '/v1/eql/estimate', { eql: 'assets >= 0' })).count;
  const customers = await count();
  await bank.kill();
  bank = await startWaypost(bank.data, [...kSmall, '--still'], 'demo');
  assert.equal(await count(), customers);
});
