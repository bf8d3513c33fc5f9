// A table that comes out of a real PostgreSQL, started here on the loopback by a user without rights: whole and by
// what changed, over kills, and everything that can be wrong with the database said in its place.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { eventually, kBuild, kSanitized, startWaypost } from './harness.mjs';
import { noPostgres, startPostgres } from './postgres.mjs';

const skip = noPostgres;
const kUser = 'waypost_reader';
const kPassword = "it's a \\ secret";

const kHolding = {
  zh: '持仓', key: ['holding'], belongs_to: 'customer',
  columns: [{ name: 'holding', type: 'string' }, { name: 'amount', type: 'decimal' }, { name: 'matures', type: 'date' },
    { name: 'opened', type: 'datetime' }, { name: 'tags', type: 'list' }, { name: 'active', type: 'bool' }, { name: 'note', type: 'string' }],
};
const kSchema = `
  create table holding (id text primary key, client_no char(8), amt numeric(12,2), matures date, opened timestamptz,
    tags text[], active boolean, note varchar(40), scan bytea, gone boolean default false, updated_at timestamp);
  insert into holding select 'h' || n, 'u' || n % 1000, n / 100.0, date '2027-01-01' + n % 365, timestamptz '2026-01-01 08:00:00.123456+08' + n * interval '1 second',
    array['t' || n % 3, 'a"b,c'], n % 2 = 0, case when n % 5 = 0 then null else '备注' || n end, null, false, timestamp '2026-06-01' + n / 10 * interval '1 second'
    from generate_series(1, 10000) n;
  create role ${kUser} login password '${kPassword.replaceAll("'", "''")}';
  grant select on holding to ${kUser};
  create table due as select n::text id from generate_series(1, 3) n;
  grant select on due to ${kUser};
  create table odd as select id, n::float8 from (values ('1', 'NaN'), ('2', 'Infinity'), ('3', '1'), ('4', '2')) q (id, n);
  grant select on odd to ${kUser};
  create table secret (id text);`;

test('a table comes out of PostgreSQL, whole and by what changed, and everything wrong is said', { skip }, async (t) => {
  const postgres = await startPostgres(t);
  postgres.sql(kSchema);
  let server = await startWaypost(undefined, ['--egress-allow', '127.0.0.1']);
  t.after(() => server.stop());
  const call = (...words) => server.call(...words);
  const refused = (answer, what) => assert.rejects(answer, (error) => what.test(error.message) || assert.fail(error.message));
  const at = '/v1/tables/holding/source';
  const connection = { host: '127.0.0.1', port: postgres.port, database: 'postgres', user: kUser, tls: 'off' };
  const source = { connection, from: 'public.holding', columns: { holding: 'id', amount: 'amt' }, identities: { login: 'client_no' }, cursor: 'updated_at', overlap: 2, removed: 'gone' };
  const set = (changed) => call('PUT', at, { ...source, ...changed });

  await refused(set({}), /404.*unknown_table/);
  await call('PUT', '/v1/tables/holding', kHolding);
  // One comes by itself while all that follows goes on, over its kills too.
  await call('PUT', '/v1/tables/due', { key: ['id'], columns: [{ name: 'id', type: 'string' }] });
  await call('PUT', '/v1/tables/due/source', { connection, from: 'due', schedule: { cron: '* * * * *' } });
  await call('PUT', '/v1/tables/due/source/password', { password: kPassword });
  await refused(set({ connection: { ...connection, host: '10.1.2.3' } }), /422.*egress_denied/);
  await refused(set({ connection: { ...connection, tls: 'of' } }), /bad_source.*connection\.tls.*did you mean 'off'/);
  await refused(set({ columns: { amout: 'amt' } }), /bad_source.*columns\.amout.*did you mean 'amount'/);
  await refused(set({ identities: {} }), /bad_source.*identities/);
  await refused(set({ query: 'select 1' }), /bad_source.*either/);
  await refused(set({ schedule: { cron: '61 * * * *' } }), /bad_schedule/);

  await set({});
  await refused(call('POST', `${at}/check`), /422.*source_refused.*password/);
  await call('PUT', `${at}/password`, { password: 'wrong' });
  await refused(call('POST', `${at}/check`), /422.*source_refused/);
  const shown = JSON.stringify(await call('PUT', `${at}/password`, { password: kPassword }));
  assert.match(shown, /"password_set":true/);
  const { columns, unused } = await call('POST', `${at}/check`);
  assert.deepEqual(columns.find(({ column }) => column === 'amount'), { from: 'amt', postgresql: 'numeric(12,2)', column: 'amount', type: 'decimal' });
  assert.deepEqual(columns.find(({ identity }) => identity), { from: 'client_no', postgresql: 'character(8)', identity: true });
  assert.deepEqual(unused, ['scan']);
  const wrong = async (changed, what) => {
    await set(changed);
    await refused(call('POST', `${at}/check`), what);
    await refused(call('POST', `${at}/load`), what);
  };
  await wrong({ columns: { holding: 'id', amount: 'amnt' } }, /bad_source.*no column 'amnt'.*did you mean 'amt'/);
  await wrong({ columns: { holding: 'id', note: 'scan' } }, /bad_source.*'scan' is a bytea.*cast it/);
  await wrong({ columns: { holding: 'id', amount: 'tags' } }, /bad_source.*text\[\]/);
  await wrong({ cursor: 'active' }, /bad_source.*cursor/);
  await wrong({ removed: 'note' }, /bad_source.*removed/);
  await wrong({ from: 'secret' }, /source_query.*Permission denied.*42501/);
  await wrong({ from: undefined, query: 'select * from holding; delete from holding' }, /source_query/);
  await wrong({ from: undefined, query: "select id, client_no, amt, gone, updated_at, set_config('transaction_read_only', 'off', false) s from holding, lateral (select 1) x where pg_sleep(0) is not null for update" }, /source_query.*read-only/);
  await set({ max_rows: 9_999 });
  await refused(call('POST', `${at}/load`), /422.*source_too_large/);

  await set({});
  const rows = async () => (await call('GET', '/v1/tables/holding')).rows;
  // A load that is killed goes on from the last row that is safe.
  const killed = call('POST', `${at}/load`).catch(() => undefined);
  await eventually('some rows are there', async () => (await rows()) > 0);
  await server.kill();
  await killed;
  server = await startWaypost(server.data, ['--egress-allow', '127.0.0.1']);
  const first = await call('POST', `${at}/load`);
  assert.equal(first.rejected, 0);
  assert.ok(first.rows < 10_000, `${first.rows}`);
  assert.equal(await rows(), 10_000);
  // Row for row what SQL says, by its own arithmetic.
  const { rows: [row] } = await call('GET', '/v1/customers/login/u7/tables/holding?limit=1');
  assert.deepEqual(row, { holding: 'h1007', amount: '10.07', matures: '2027-10-05', opened: '2026-01-01T00:16:47.123Z', tags: ['t2', 'a"b,c'], active: false, note: '备注1007' });
  const count = async (eql) => (await call('POST', '/v1/eql/estimate', { eql })).count;
  assert.equal(await count('SUM(holding.amount) >= 500'), Number(postgres.sql('select count(*) from (select client_no from holding group by 1 having sum(amt) >= 500) q')));

  // What changed since, what is no more, what was committed late, and a row that cannot be.
  postgres.sql(`update holding set amt = 1000000, updated_at = '2026-07-01' where id = 'h7';
    update holding set gone = true, updated_at = '2026-07-01' where id in ('h8', 'h9');
    insert into holding values ('late', 'u1', 5, null, null, null, null, null, null, false, timestamp '2026-06-01' + interval '999 seconds'),
      ('wide', 'u1', 5, null, null, null, null, null, null, false, null);
    alter table holding alter amt type numeric(14,6); update holding set amt = 1.123456, updated_at = '2026-07-02' where id = 'h11'`);
  const second = await call('POST', `${at}/load`);
  assert.equal(await rows(), 10_000, 'two more, two less');
  assert.deepEqual([second.removed, second.rejected], [2, 1]);
  assert.ok(second.rows < 100, `only what changed: ${second.rows}`);
  assert.match(second.examples[0], /amt: is not a number with at most four decimals/);
  const { rows: sevens } = await call('GET', '/v1/customers/login/u7/tables/holding?limit=1000');
  assert.equal(sevens.find(({ holding }) => holding === 'h7').amount, '1000000');

  // A cursor that no time comes after, or a wrong one far ahead, keeps nothing back that comes later.
  for (const [id, moment] of [['h21', 'infinity'], ['h22', '2099-01-01']]) {
    postgres.sql(`update holding set amt = 21, updated_at = '${moment}' where id = '${id}'`);
    await call('POST', `${at}/load`);
    postgres.sql(`update holding set note = '${moment}', updated_at = now() at time zone 'utc' where id = 'h23'`);
    await call('POST', `${at}/load`);
    const { rows: of } = await call('GET', '/v1/customers/login/u23/tables/holding?limit=1000');
    assert.equal(of.find(({ holding }) => holding === 'h23').note, moment);
  }
  await call('PUT', '/v1/tables/odd', { key: ['id'], columns: [{ name: 'id', type: 'string' }, { name: 'n', type: 'double' }] });
  await call('PUT', '/v1/tables/odd/source', { connection, from: 'odd', cursor: 'n', overlap: 0 });
  await call('PUT', '/v1/tables/odd/source/password', { password: kPassword });
  await call('POST', '/v1/tables/odd/source/load');
  assert.equal((await call('GET', '/v1/tables/odd/source')).cursor, '2');

  // Everything again takes the place of everything.
  postgres.sql("delete from holding where id <> 'h12' and id <> 'h8'");
  const whole = await call('POST', `${at}/load?whole=true`);
  assert.deepEqual([whole.rows, await rows()], [1, 1]);

  // The same query goes on from where it was, also after a kill; and nobody can read the password anywhere.
  const { cursor } = await set({ schedule: { cron: '0 2 * * *', zone: 'Asia/Shanghai' } });
  assert.notEqual(cursor, '');
  await server.kill();
  assert.throws(() => execFileSync('grep', ['-raF', kPassword, server.data]), 'grep finds nothing');
  server = await startWaypost(server.data, ['--egress-allow', '127.0.0.1']);
  postgres.sql("insert into holding values ('h13', 'u13', 13, null, null, null, null, null, null, false, '2026-08-01')");
  await call('POST', `${at}/load`);
  assert.equal(await rows(), 2);
  postgres.stop();
  await refused(call('POST', `${at}/load`), /503.*source_unreachable/);
  postgres.start();
  assert.equal((await call('GET', at)).loads[0].error.code, 'source_unreachable');
  assert.equal((await call('POST', `${at}/load`)).rejected, 0);
  await eventually('the minute came', async () => (await call('GET', '/v1/tables/due')).rows === 3, 90);
  assert.doesNotMatch(server.log(), /secret/);
});

test('definitions, users and roles live in PostgreSQL: moved there once, over kills and lost connections, and back by a backup', { skip }, async (t) => {
  const postgres = await startPostgres(t);
  const place = `postgresql://app:app@127.0.0.1:${postgres.port}/postgres`;
  const env = { ...process.env, WAYPOST_TEST_POSTGRES: `host=127.0.0.1 port=${postgres.port} user=app password=app dbname=postgres` };
  for (const [layer, filter] of [['catalog', '*Postgres*'], ['people', 'PeopleTest.*'], ['services', 'PostgresSourcesTest.*']])
    execFileSync(path.join(kSanitized, `src/${layer}/${layer}_test`), [`--gtest_filter=${filter}`, '--gtest_brief=1'], { env });

  const withDatabase = async (data) => {
    process.env.WAYPOST_CATALOG_SERVER = place;
    try {
      return await startWaypost(data);
    } finally {
      delete process.env.WAYPOST_CATALOG_SERVER;
    }
  };
  // What was in files is taken along.
  let server = await startWaypost();
  const { data } = server;
  t.after(() => fs.rmSync(data, { recursive: true, force: true }));
  await server.call('POST', '/v1/segments', { id: 'vip', name_zh: '高端客户', eql: 'SAMPLE 10%' });
  await server.addUser('li', '李明');
  await server.kill();
  server = await withDatabase(data);
  assert.equal((await server.call('GET', '/v1/segments/vip')).name_zh, '高端客户');
  assert.equal((await server.call('GET', '/v1/users')).items.find(({ name }) => name === 'li').title, '李明');
  assert.ok(fs.existsSync(path.join(data, 'people.db.moved')));
  assert.equal(postgres.sql('select name_zh from waypost_default.definition where id = $$vip$$'), '高端客户\n');

  await server.call('POST', '/v1/segments', { id: 'rest', eql: 'SAMPLE 20%' });
  await server.kill();
  server = await withDatabase(data);
  assert.equal((await server.call('GET', '/v1/segments')).items.length, 2);

  postgres.stop();
  await assert.rejects(server.call('GET', '/v1/segments/vip'), /503.*catalog_unavailable/);
  postgres.start();
  await eventually('the catalog is back', async () => (await server.call('GET', '/v1/segments/vip')).id === 'vip');
  await server.call('PUT', '/v1/segments/vip', { name_zh: '贵宾', eql: 'SAMPLE 10%', version: 1 });

  // A backup is files again.
  const copy = path.join(data, 'copy');
  await server.call('POST', '/v1/backup', { directory: copy });
  await server.kill();
  const run = (...words) => spawnSync(path.join(kBuild, 'src/server/waypost'), words, { encoding: 'utf8' });
  assert.match(run('store', 'verify', '--data', data).stderr, /catalog_moved|set catalog\.server/);
  const second = path.join(data, 'second');
  assert.equal(run('restore', '--from', copy, '--data', second).status, 0);
  server = await startWaypost(second);
  t.after(() => server.kill());
  assert.equal((await server.call('GET', '/v1/segments/vip')).name_zh, '贵宾');
  assert.equal((await server.call('GET', '/v1/users')).items.find(({ name }) => name === 'li').title, '李明');
});
