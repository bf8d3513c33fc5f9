// Tables from outside: declared, filled by files and calls, asked about by rules, over a kill and an erasure;
// and a whole bank as it was published, counted against its own files.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { eventually, kApiToken, kBuild, kRoot, kWriteKey, startWaypost } from './harness.mjs';

const kWaypost = path.join(kBuild, 'src/server/waypost');
const kHolding = {
  zh: '持仓', key: ['holding'], belongs_to: 'customer',
  columns: [{ name: 'holding', type: 'string' }, { name: 'product_id', type: 'string', refers: 'product' }, { name: 'amount', zh: '金额', type: 'decimal' }, { name: 'matures', type: 'date' }],
};
const waypost = (...args) => execFileSync(kWaypost, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
function folderOf(t) {
  const data = fs.mkdtempSync(path.join(os.tmpdir(), 'waypost-tables-'));
  t.after(() => fs.rmSync(data, { recursive: true, force: true }));
  return data;
}

test('rows are put, listed, asked about, kept over a kill and erased with their customer', async (t) => {
  let server = await startWaypost();
  t.after(() => server.stop());
  const call = (...words) => server.call(...words);
  const refused = (answer, what) => assert.rejects(answer, (error) => what.test(error.message) || assert.fail(error.message));
  assert.deepEqual((await call('GET', '/v1/tables')).items.map(({ id }) => id), ['customer', 'account', 'product', 'organisation', 'employee', 'content', 'benefit']);
  await call('PUT', '/v1/tables/product', { key: 'product_id', columns: [{ name: 'product_id', type: 'string' }, { name: 'ptype', zh: '类别', type: 'string' }] });
  assert.equal((await call('PUT', '/v1/tables/holding', kHolding)).columns[1].cardinality, 'many_to_one');
  await refused(call('PUT', '/v1/tables/holding', { columns: [{ name: 'sms_otp', type: 'string' }] }), /422.*sensitive.*columns\[0\]/);
  await refused(call('PUT', '/v1/tables/other', { columns: [{ name: 'a', type: 'strin' }] }), /bad_table.*columns\[0\]\.type.*string/);

  const product = (product_id, ptype) => ({ values: { product_id, ptype } });
  await call('POST', '/v1/tables/product/rows', { rows: [product('f1', 'fund'), product('g1', 'gold')] });
  const holding = (login, number, product_id, amount, matures) => ({ identities: { login }, values: { holding: number, product_id, amount, matures } });
  const rows = [holding('ann', 'h1', 'f1', '12.50', '2026-05-01'), holding('ann', 'h2', 'g1', 100, '2027-01-01'), holding('bob', 'h3', 'f1', '2.25', '2026-06-01')];
  assert.deepEqual(await call('POST', '/v1/tables/holding/rows', { rows }), { rows: 3 });
  await refused(call('POST', '/v1/tables/holding/rows', { rows: [rows[0], holding('ann', 'h4', 'f1', 'much', null)] }), /bad_rows.*rows\[1\]\.values\.amount: is no decimal/);
  await refused(call('POST', '/v1/tables/holding/rows', { rows: [{ ...rows[0], values: { holding: 'h9', amout: 1 } }] }), /bad_rows.*did you mean 'amount'/);
  await refused(call('POST', '/v1/tables/holding/rows', { rows: [{ values: { holding: 'h9' } }] }), /rows\[0\]: whose it is is missing/);

  const count = async (eql) => (await call('POST', '/v1/eql/estimate', { eql })).count;
  const asked = async () => [await count('ANY 持仓[product_id.类别 = fund]'), await count('SUM(holding[product_id.ptype = fund].金额) >= 10'), await count('COUNT(holding) = 2')];
  assert.deepEqual(await asked(), [2, 1, 1]);
  await refused(count('ANY holdin'), /eql_unknown.*did you mean 'holding'/);
  await call('POST', '/v1/segments', { id: 'funds', eql: 'ANY holding[product_id.ptype = fund]' });
  assert.equal((await call('POST', '/v1/segments/funds/run')).count, 2);
  await refused(call('DELETE', '/v1/tables/holding'), /409.*in_use.*segment 'funds'/);
  await refused(call('DELETE', '/v1/tables/product'), /409.*in_use/);

  // Live ones follow rows of customers, and what is known of the things these name.
  await call('POST', '/v1/segments', { id: 'live', eql: 'SUM(holding[product_id.ptype = fund].amount) >= 10', refresh: 'live' });
  const live = async (...names) => eventually(`live: ${names}`, async () => {
    const { members } = await call('GET', '/v1/segments/live/members').catch(() => ({ members: [{}] }));
    return JSON.stringify(members.map((member) => member.name).sort()) === JSON.stringify(names);
  });
  await live('login:ann');
  await call('POST', '/v1/tables/holding/rows', { rows: [holding('bob', 'h4', 'g1', 50, '2026-06-01')] });
  await call('POST', '/v1/tables/product/rows', { rows: [product('g1', 'fund')] });
  await live('login:ann', 'login:bob');
  await call('POST', '/v1/tables/holding/rows', { delete: true, rows: [{ values: { holding: 'h4' } }] });
  await live('login:ann');
  await call('POST', '/v1/tables/product/rows', { rows: [product('g1', 'gold')] });

  await server.kill();
  server = await startWaypost(server.data);
  assert.deepEqual(await asked(), [2, 1, 1]);
  const { tables } = await call('GET', '/v1/customers/login/ann');
  assert.deepEqual(tables, [{ table: 'holding', zh: '持仓', rows: 2 }]);
  const first = await call('GET', '/v1/customers/login/ann/tables/holding?limit=1');
  assert.deepEqual(first, { table: 'holding', zh: '持仓', total: 2, rows: [{ holding: 'h1', product_id: 'f1', amount: '12.5', matures: '2026-05-01' }], next: '1' });
  assert.deepEqual((await call('GET', '/v1/customers/login/ann/tables/holding?after=1')).rows.map((row) => row.holding), ['h2']);
  await refused(call('GET', '/v1/customers/login/ann/tables/holdings'), /404.*unknown_table.*did you mean 'holding'/);

  await call('POST', '/v1/tables/holding/rows', { delete: true, rows: [{ values: { holding: 'h2' } }] });
  await call('POST', '/v1/erasures', { key: 'login', value: 'ann' });
  assert.deepEqual((await call('GET', '/v1/tables/holding/rows')).rows.map((row) => row.holding), ['h3']);
  const shown = JSON.parse(execFileSync(kWaypost, ['table', 'show', 'holding', '--data', server.data, '--listen-port', String(server.port)], { env: { ...process.env, WAYPOST_API_TOKEN: kApiToken }, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));
  assert.equal(shown.rows, 1);
});

test('a file that is the whole table takes its place at once, also when the load was killed', async (t) => {
  const data = folderOf(t);
  const file = path.join(data, 'holdings.csv');
  const write = (count, first) => fs.writeFileSync(file, 'holding,user,product_id,amount\n' + Array.from({ length: count }, (_, i) => `h${first + i},u${i % 500},f1,${i}\n`).join(''));
  const declaration = path.join(data, 'holding.json');
  fs.writeFileSync(declaration, JSON.stringify(kHolding));
  const mapping = path.join(data, 'holding.toml');
  fs.writeFileSync(mapping, 'kind = "rows"\n[rows]\ntable = "holding"\nmode = "replace"\n[[identity]]\nkey = "login"\ncolumn = "user"\n[properties]\nholding = "string"\nproduct_id = "string"\namount = "decimal"\n');
  const words = ['import', '--data', data, '--mapping', mapping, file];
  assert.throws(() => waypost(...words), 'it is not declared yet');
  waypost('table', 'declare', 'holding', declaration, '--data', data);
  write(1_000, 0);
  waypost(...words);
  const held = () => JSON.parse(waypost('table', 'rows', 'holding', '--limit', '1', '--data', data)).total;
  assert.equal(held(), 1_000);
  write(34_000, 500);  // two chunks
  const run = spawn(kWaypost, words, { stdio: 'ignore' });
  const ended = new Promise((resolve) => run.on('exit', resolve));
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  run.kill('SIGKILL');
  await ended;
  assert.ok([1_000, 34_000].includes(held()), 'the one or the other');
  waypost(...words);
  assert.equal(held(), 34_000);
  write(10, 0);
  waypost(...words);
  assert.equal(held(), 10);
});

const shared = process.env.WAYPOST_SHARED ?? path.join(path.dirname(kRoot), 'shared');
const kBerka = path.join(shared, 'data/berka');
const skip = fs.existsSync(kBerka) ? false : `no published bank in ${kBerka}`;

// The Czech bank of 1993 to 1998: its tables in the order in which they refer to each other.
const kFiles = {
  district: 'district.asc', disposition: 'disp.asc', account: 'account.asc', order: 'order.asc', loan: 'loan.asc', card: 'card.asc', transaction: 'ecac_subset/trans_test.csv',
};
function groupBy(rows, keyOf) {
  const groups = new Map();
  for (const row of rows) groups.set(keyOf(row), [...(groups.get(keyOf(row)) ?? []), row]);
  return groups;
}
const read = (file) => {
  const [head, ...lines] = fs.readFileSync(path.join(kBerka, file), 'utf8').trim().split(/\r?\n/).map((line) => line.split(';').map((cell) => cell.replaceAll('"', '')));
  return lines.map((line) => Object.fromEntries(head.map((name, i) => [name, line[i]])));
};

test('the whole Berka bank loads, and rules find whom its files say', { skip }, async (t) => {
  const data = folderOf(t);
  const examples = path.join(kRoot, 'examples/tables/berka');
  // "account" and "disposition" are each of the other: the account's number is declared first.
  const first = await startWaypost(data);
  for (const id of Object.keys(kFiles)) await first.call('PUT', `/v1/tables/${id}`, JSON.parse(fs.readFileSync(path.join(examples, `${id}.json`))));
  await first.kill();
  const load = (id, file) => waypost('import', '--data', data, '--mapping', path.join(examples, `${id}.toml`), path.join(kBerka, file)).split('\n')[0];
  const files = Object.fromEntries(Object.entries(kFiles).map(([id, file]) => [id, read(file)]));
  const clients = read('client.asc');
  assert.equal(load('client', 'client.asc'), `${clients.length} rows in 1 files: ${clients.length} loaded, 0 rejected`);
  for (const [id, file] of Object.entries(kFiles)) assert.equal(load(id, file), `${files[id].length} rows in 1 files: ${files[id].length} loaded, 0 rejected`);

  const server = await startWaypost(data);
  t.after(() => server.stop());
  const { items } = await server.call('GET', '/v1/tables');
  for (const [id, rows] of Object.entries(files)) assert.equal(items.find((table) => table.id === id).rows, rows.length, id);

  // Each client's rows, by his dispositions, read from the files.
  const byAccount = (rows) => groupBy(rows, (row) => row.account_id);
  const [accounts, loans, orders, moves] = ['account', 'loan', 'order', 'transaction'].map((id) => byAccount(files[id]));
  const dispositions = groupBy(files.disposition, (row) => row.client_id);
  const region = new Map(files.district.map((row) => [row.A1, row.A3]));
  const of = (table) => (client) => (dispositions.get(client.client_id) ?? []).flatMap((row) => table.get(row.account_id) ?? []);
  const sum = (rows) => rows.reduce((total, row) => total + Math.round(row.amount * 100), 0) / 100;
  const cardOf = groupBy(files.card, (row) => row.disp_id);
  const rules = {
    'ANY disposition[type = OWNER]': (client) => dispositions.get(client.client_id).some((row) => row.type === 'OWNER'),
    'ANY loan[status = B OR status = D]': (client) => of(loans)(client).some((row) => 'BD'.includes(row.status)),
    'SUM(loan.amount) >= 200000 AND ALL loan[months >= 24]': (client) => sum(of(loans)(client)) >= 200_000 && of(loans)(client).every((row) => row.duration >= 24),
    'COUNT(order[purpose = SIPO]) >= 2': (client) => of(orders)(client).filter((row) => row.k_symbol === 'SIPO').length >= 2,
    'SUM(transaction[type = credit].amount) >= 100000.5': (client) => sum(of(moves)(client).filter((row) => row.type === 'credit')) >= 100_000.5,
    "ANY account[district_id.region = Prague AND opened SINCE '1996-01-01']": (client) => of(accounts)(client).some((row) => region.get(row.district_id) === 'Prague' && row.date >= '960101'),
    'ANY 银行卡[卡种 = gold]': (client) => dispositions.get(client.client_id).some((row) => (cardOf.get(row.disp_id) ?? []).some((card) => card.type === 'gold')),
    'NONE transaction AND ANY disposition[account_id.district_id.average_salary >= 12000]': (client) => of(moves)(client).length === 0 &&
      dispositions.get(client.client_id).some((row) => files.district.find((d) => d.A1 === accounts.get(row.account_id)[0].district_id).A11 >= 12_000),
  };
  for (const [eql, holds] of Object.entries(rules)) {
    const expected = clients.filter(holds).length;
    assert.ok(expected > 0, eql);
    assert.equal((await server.call('POST', '/v1/eql/estimate', { eql })).count, expected, eql);
  }
  const { tables } = await server.call('GET', '/v1/customers/client/2');
  assert.deepEqual(Object.fromEntries(tables.map(({ table, rows }) => [table, rows])),
    Object.fromEntries(Object.entries({ disposition: dispositions.get('2').length, account: 1, order: of(orders)({ client_id: '2' }).length, loan: of(loans)({ client_id: '2' }).length, transaction: of(moves)({ client_id: '2' }).length }).filter(([, rows]) => rows)));
});

test('a tree is asked under and over a node, and rows and attributes as they were then', async (t) => {
  const server = await startWaypost();
  t.after(() => server.stop());
  const call = (...words) => server.call(...words);
  const refused = (answer, what) => assert.rejects(answer, (error) => what.test(error.message) || assert.fail(error.message));
  const count = async (eql) => (await call('POST', '/v1/eql/estimate', { eql })).count;
  const declare = (id, key, columns, more) => call('PUT', `/v1/tables/${id}`, { key, columns: columns.map((text) => ((words) => ({ name: words[0], type: words[1], refers: words[2] ?? '' }))(text.split(' '))), ...more });
  const put = (id, rows) => call('POST', `/v1/tables/${id}/rows`, { rows });
  const things = (id, names, ...rows) => put(id, rows.map((row) => ({ values: Object.fromEntries(names.map((name, i) => [name, row[i]])) })));

  // 总行 > 上海分行 > 静安支行, 徐汇支行; 总行 > 北京分行. Somebody drew a circle too.
  await declare('organisation', ['org_id'], ['org_id string', 'parent_id string organisation', 'name string']);
  await things('organisation', ['org_id', 'name', 'parent_id'], ['1', '总行', null], ['11', '上海分行', '1'], ['111', '静安支行', '11'], ['112', '徐汇支行', '11'], ['12', '北京分行', '1'], ['x', '圈', 'y'], ['y', '圈2', 'x']);
  await declare('employee', ['employee_id'], ['employee_id string', 'org_id string organisation', 'name string']);
  await things('employee', ['employee_id', 'org_id', 'name'], ['e1', '111', '甲'], ['e2', '12', '乙']);
  await declare('customer', undefined, ['org_id string organisation', 'manager_id string employee', 'vip int'], { history: true });
  await declare('account', ['account_id'], ['account_id string', 'org_id string organisation', 'opened date', 'closed date'], { belongs_to: 'customer', valid: { from: 'opened', to: 'closed' } });
  const profile = async (login, properties) => {
    const sent = await fetch(`${server.base}/v1/events`, { method: 'POST', headers: { authorization: `Bearer ${kWriteKey}` }, body: JSON.stringify({ type: 'profile_set', identities: { login }, properties }) });
    assert.ok(sent.ok, await sent.text());
  };
  await profile('ann', { org_id: '111', manager_id: 'e1', vip: 1 });
  await profile('bob', { org_id: '11', manager_id: 'e2', vip: 3 });
  await profile('cid', { org_id: '12', manager_id: 'e2' });
  await profile('dan', { vip: 5 });
  await profile('eve', { org_id: 'x' });
  await eventually('they are there', async () => (await count('vip >= 0')) === 3);
  const rows = {
    "org_id UNDER '上海分行'": 2, "org_id UNDER 总行": 3, "org_id UNDER '11'": 2, "org_id UNDER '静安支行'": 1, "NOT (org_id UNDER '总行')": 2, "org_id UNDER '圈'": 1,
    "org_id OVER '静安支行'": 2, "org_id OVER '北京分行'": 1, "manager_id.org_id UNDER '上海分行'": 1, "org_id UNDER '没有'": 0,
  };
  for (const [eql, expected] of Object.entries(rows)) assert.equal(await count(eql), expected, eql);
  const tree = await call('POST', '/v1/eql/check', { eql: "manager_id.org_id under 上海分行" });
  assert.deepEqual(tree.rule.where ?? tree.rule, { field: 'manager_id.org_id', op: 'under', value: '上海分行' });
  await refused(count("manager_id UNDER 'e1'"), /eql_unknown.*'employee' is no tree/);
  await refused(count('vip >= 1 AND vip UNDER 3'), /line 1, column 14.*names none/);
  await refused(count("orgid UNDER '11'"), /line 1, column 1.*did you mean 'org_id'/);

  // Rows that hold from and to a day, the second left out.
  const account = (login, account_id, org_id, opened, closed) => ({ identities: { login }, values: { account_id, org_id, opened, closed } });
  await put('account', [account('ann', 'a1', '112', '2020-01-01', '2024-01-01'), account('ann', 'a2', '12', '2023-01-01', null), account('bob', 'b1', '112', null, null), account('cid', 'c1', '111', '2999-01-01', null)]);
  const holding = {
    'ANY account': 2, "ANY account AT '2023-06-01'": 2, "COUNT(account AT '2023-12-31') = 2": 1, "COUNT(account AT '2024-01-01') = 2": 0, "ANY account AT '2999-01-01'": 3, "ANY account[org_id UNDER '上海分行']": 1,
    "ANY account[org_id UNDER '上海分行'] AT '2023-12-31'": 2, "FIND customer AT '2023-12-31' WHERE ANY account[org_id UNDER '上海分行']": 2, "ALL account[org_id = '112']": 4, "ALL account[org_id = '112'] AT '2022-01-01'": 5,
  };
  for (const [eql, expected] of Object.entries(holding)) assert.equal(await count(eql), expected, eql);

  // What attributes and rows were, when they were it.
  await declare('holding', ['holding'], ['holding string', 'amount int'], { belongs_to: 'customer', history: true });
  const hold = (login, holding, amount) => put('holding', [{ identities: { login }, values: { holding, amount } }]);
  const moment = async () => {
    await new Promise((resolve) => setTimeout(resolve, 5));
    const now = new Date().toISOString();
    await new Promise((resolve) => setTimeout(resolve, 5));
    return now;
  };
  await hold('ann', 'h1', 10);
  const first = await moment();
  await hold('ann', 'h1', 20);
  await hold('bob', 'h2', 10);
  await profile('bob', { vip: 4, org_id: '12' });
  await eventually('bob has moved', async () => (await count('vip = 4')) === 1);
  const second = await moment();
  await call('POST', '/v1/tables/holding/rows', { delete: true, rows: [{ values: { holding: 'h2' } }] });
  const then = (at) => ({
    [`SUM(holding.amount AT '${at}') >= 20`]: at === first ? 0 : 1, [`ANY holding AT '${at}'`]: at === first ? 1 : 2, [`vip AT '${at}' = 4`]: at === first ? 0 : 1, [`vip AT '${at}' = 3`]: at === first ? 1 : 0,
    [`org_id AT '${at}' UNDER '上海分行'`]: at === first ? 2 : 1, [`vip AT '${at}' IS NULL`]: 2,
  });
  for (const at of [first, second]) for (const [eql, expected] of Object.entries(then(at))) assert.equal(await count(eql), expected, `${eql} of ${first}, ${second}`);
  assert.equal(await count('ANY holding'), 1);
  await refused(count("level AT '2026-01-01' = 3"), /eql_unknown/);
  await refused(count("ANY holding[amount AT '2026-01-01' > 3]"), /write AT after the rows/);
  assert.equal((await call('GET', '/v1/tables/holding/rows')).rows.length, 1);
});
