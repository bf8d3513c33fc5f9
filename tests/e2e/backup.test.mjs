// A backup of a running server holds all that the project is: events, definitions, who was in a segment, and the
// people who work with it.
// Restoring it is all or nothing, also when it is killed.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { sleep, waypost } from '../crash/ledger.mjs';
import { eventually, kWriteKey, startWaypost } from './harness.mjs';

const kCustomers = 500;
const question = { ask: 'trends', range: { from: '2026-01-01', to: '2026-02-01' }, interval: 'month', measures: [{ name: 'who', of: 'pay', measure: 'uniques' }, { name: 'much', of: 'pay', measure: 'sum', property: 'amount' }] };

async function send(server, first, count) {
  const events = Array.from({ length: count }, (_, i) => ({
    type: 'track', event: 'pay', identities: { login_id: `u${first + i}` },
    time: '2026-01-05T00:00:00Z', message_id: `m${first + i}`, properties: { amount: i },
  }));
  const answer = await fetch(`${server.base}/v1/events?key=${kWriteKey}`, { method: 'POST', headers: { authorization: `Bearer ${kWriteKey}` }, body: JSON.stringify(events) });
  assert.equal(answer.status, 200, await answer.text());
}

// What the project says of itself, without what says when it was asked.
async function tell(server) {
  const { id, version, name_zh, runs } = await server.call('GET', '/v1/segments/payers');
  const { count, members } = await server.call('GET', '/v1/segments/payers/members?limit=10000');
  const people = (await server.call('GET', '/v1/users')).items.map(({ name, title }) => `${name} ${title}`);
  const { snapshot, ...answer } = await server.call('POST', '/v1/query', question);
  assert.ok(snapshot);
  return { id, version, name_zh, runs, count, members, people, answer };
}

test('a project is restored whole: events, definitions, members', async (t) => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'waypost-backup-'));
  t.after(() => fs.rmSync(folder, { recursive: true, force: true }));
  const backup = path.join(folder, 'backup');
  const server = await startWaypost();
  t.after(server.stop);
  await send(server, 0, kCustomers);
  await server.call('POST', '/v1/segments', { id: 'payers', name_zh: '付款客户', name_en: 'Payers', owner: 'li', eql: 'DID(pay)' });
  await eventually('all are known', async () => (await server.call('POST', '/v1/segments/payers/run')).count === kCustomers);
  await server.call('POST', '/v1/users', { name: 'li', title: '李' });
  const before = await tell(server);
  assert.deepEqual(before.people, ['li 李']);
  await server.call('POST', '/v1/backup', { directory: backup });
  await assert.rejects(server.call('POST', '/v1/backup', { directory: backup }), /409.*not_empty/);
  // What comes later is not in it.
  await send(server, kCustomers, 10);
  await server.call('DELETE', '/v1/segments/payers');
  await server.call('POST', '/v1/users', { name: 'wang', title: '王' });

  for (let round = 0; round < 4; round++) {
    const data = path.join(folder, `data-${round}`);
    const words = ['restore', '--from', backup, '--data', data];
    const cut = waypost(words);
    await sleep(round * 60);
    cut.child.kill('SIGKILL');
    await cut.ended;
    if (!fs.existsSync(path.join(data, 'projects/default'))) {
      const { code, text } = await waypost(words).ended;
      assert.equal(code, 0, text);
    }
    assert.deepEqual(fs.readdirSync(data), ['people.db', 'projects']);
    assert.equal(fs.statSync(path.join(data, 'people.db')).mode & 0o077, 0);
    const again = await waypost(words).ended;
    assert.equal(again.code, 1);
    assert.match(again.text, /has files already/);
    if (round % 3) continue;
    const restored = await startWaypost(data);
    assert.deepEqual(await tell(restored), before);
    await restored.stop();
  }
});

test('people who are there stay when a project is restored', async (t) => {
  const server = await startWaypost();
  t.after(server.stop);
  await server.call('POST', '/v1/users', { name: 'li', title: '李' });
  const backup = path.join(server.data, 'backup');
  await server.call('POST', '/v1/backup', { directory: backup });
  const data = fs.mkdtempSync(path.join(os.tmpdir(), 'waypost-backup-'));
  t.after(() => fs.rmSync(data, { recursive: true, force: true }));
  assert.equal((await waypost(['user', 'create', 'wang', '--title', '王', '--data', data]).ended).code, 0);
  const { code, text } = await waypost(['restore', '--from', backup, '--data', data]).ended;
  assert.equal(code, 0, text);
  const restored = await startWaypost(data);
  t.after(restored.stop);
  assert.deepEqual((await restored.call('GET', '/v1/users')).items.map((user) => user.name), ['wang']);
});

test('a user is made with all roles or not at all', async (t) => {
  const data = fs.mkdtempSync(path.join(os.tmpdir(), 'waypost-users-'));
  t.after(() => fs.rmSync(data, { recursive: true, force: true }));
  const make = (...rest) => waypost(['user', 'create', 'wang', '--data', data, ...rest]).ended;
  const refused = await make('--role', 'lead', '--role', 'nobody');
  assert.equal(refused.code, 1);
  assert.match(refused.text, /nobody/);
  assert.equal((await make('--role', 'lead', '--role', 'analyst')).code, 0);
  const server = await startWaypost(data);
  t.after(server.stop);
  await waypost(['user', 'create', 'li', '--role', 'nobody', '--data', data]).ended;
  const users = (await server.call('GET', '/v1/users')).items;
  assert.deepEqual(users.map(({ name, roles }) => [name, roles]), [['wang', ['analyst', 'lead']]]);
});

test('a damaged list of members is named, and no backup is made of it', async (t) => {
  const server = await startWaypost();
  t.after(server.stop);
  await send(server, 0, 20);
  await server.call('POST', '/v1/segments', { id: 'payers', name_zh: '付款客户', name_en: 'Payers', owner: 'li', eql: 'DID(pay)' });
  await server.call('POST', '/v1/segments/payers/run');
  const members = path.join(server.data, 'projects/default/segments');
  const [file] = fs.readdirSync(members);
  const bytes = fs.readFileSync(path.join(members, file));
  bytes[bytes.length - 1] ^= 1;
  fs.writeFileSync(path.join(members, file), bytes);
  const backup = path.join(server.data, 'backup');
  await assert.rejects(server.call('POST', '/v1/backup', { directory: backup }), /500.*corrupt/);
  assert.ok(server.log().includes(file), server.log());
  assert.equal(fs.existsSync(path.join(backup, 'HELD')), false);
  const { code } = await waypost(['restore', '--from', backup, '--data', path.join(server.data, 'other')]).ended;
  assert.equal(code, 1);
});

test('store verify names what is damaged beside the store', async (t) => {
  const server = await startWaypost();
  t.after(() => fs.rmSync(server.data, { recursive: true, force: true }));
  await send(server, 0, 20);
  await server.call('POST', '/v1/segments', { id: 'payers', name_zh: '付款客户', name_en: 'Payers', owner: 'li', eql: 'DID(pay)' });
  await server.call('POST', '/v1/segments/payers/run');
  await server.call('POST', '/v1/users', { name: 'li', title: '李' });
  await server.kill();
  const verify = () => waypost(['store', 'verify', '--data', server.data]).ended;
  const whole = await verify();
  assert.equal(whole.code, 0, whole.text);
  const project = path.join(server.data, 'projects/default');
  const [members] = fs.readdirSync(path.join(project, 'segments'));
  for (const [file, named] of [
    [path.join(project, 'segments', members), new RegExp(`default: damaged: .*${members}`)],
    [path.join(project, 'catalog.db'), /default: damaged: .*catalog/],
    [path.join(server.data, 'people.db'), /people: damaged: /],
  ]) {
    const right = fs.readFileSync(file);
    const wrong = Buffer.from(right);
    if (file.endsWith('.db')) wrong.fill(0xa5, 4096, 4200);  // the head of the second page
    else wrong[wrong.length - 1] ^= 1;
    fs.writeFileSync(file, wrong);
    const found = await verify();
    assert.equal(found.code, 1, `${file}: ${found.text}`);
    assert.match(found.text, named);
    fs.writeFileSync(file, right);
  }
  assert.equal((await verify()).code, 0);
});
