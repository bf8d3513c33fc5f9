// Whose an identity is: said with its reason, and changed from the command line, with and without a server.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { before, test } from 'node:test';
import { eventually, kApiToken, kBuild, kWriteKey, startWaypost } from './harness.mjs';

const seen = (identities, event) => ({ identities, event });
const send = async (batch) => {
  const sent = await fetch(`${server.base}/v1/events`, { method: 'POST', headers: { authorization: `Basic ${btoa(`${kWriteKey}:`)}` }, body: JSON.stringify(batch) });
  assert.equal((await sent.json()).accepted, batch.length);
};

let server;
before(async () => {
  server = await startWaypost();
  const batch = [seen({ login: 'ann', device: 'd-1' }, 'pay'), seen({ login: 'bob', device: 'd-2' }, 'pay'), seen({ login: 'eve' }, 'pay'), { type: 'track_id_bind', identities: { $identity_login_id: 'ann', $identity_mobile: '13812340001' } }];
  for (const identities of [{ $identity_login_id: 'bob', $identity_mobile: '13812340001' }]) batch.push({ type: 'track_id_bind', identities });
  await send(batch);
  await eventually('all is applied', async () => (await server.call('GET', '/v1/identity/links')).links.length >= 4);
});

// `waypost customer`, of the server that runs or, when none does, of the folder.
const customer = (...words) => JSON.parse(execFileSync(path.join(kBuild, 'src/server/waypost'), ['customer', ...words, '--data', server.data, '--listen-port', String(server.port)], { env: { ...process.env, WAYPOST_API_TOKEN: kApiToken }, encoding: 'utf8' }));
const why = (a, b) => server.call('GET', `/v1/identity/why/${a}/${b}`);
const identitiesOf = ({ identities }) => identities.map(({ key, value }) => `${key}:${value}`).sort();

test('a link that was refused says why, and so does what was never linked', async () => {
  const refused = await why('login/bob', 'phone/13812340001');
  assert.deepEqual([refused.same, refused.reason, refused.if_linked_now], [false, 'too_many_values', 'too_many_values'], JSON.stringify(refused));
  assert.deepEqual(refused.refused.map(({ outcome }) => outcome), ['too_many_values']);
  const apart = await why('login/eve', 'device/d-1');
  assert.deepEqual([apart.same, apart.reason, apart.refused], [false, 'no_link', []]);
  assert.equal((await why('login/ann', 'phone/13812340001')).same, true);
});

test('what was said of two identities counts once, however late a client sends it again', async () => {
  const said = [];
  const say = async (type, id, pair = { login: 'zoe', device: 'd-9' }) => {
    await send([{ type: `track_id_${type}`, identities: pair, message_id: id }]);
    said.push(id);
  };
  const areOne = async () => {  // when all that was said is applied
    const last = `after-${said.length}`;
    await say('bind', last, { login: last, device: last });
    await eventually(last, async () => (await why(`login/${last}`, `device/${last}`).catch(() => ({}))).same);
    return (await why('login/zoe', 'device/d-9')).same;
  };
  await say('bind', 'b1');
  assert.ok(await areOne());
  await say('unbind', 'u1');
  assert.ok(!await areOne());
  await say('bind', 'b1');
  assert.ok(!await areOne(), 'a bind that came again does not undo the unbind');
  await say('bind', 'b2');
  assert.ok(await areOne());
  await say('unbind', 'u1');
  assert.ok(await areOne(), 'an unbind that came again does not undo the bind');
});

test('a number or a device that changes hands brings no tag value of who had it, erased or not', async () => {
  const phone = '13812340009';
  await send([seen({ login: 'old', phone, device: 'd-8' }, 'pay')]);
  await eventually('old is there', () => server.call('GET', '/v1/customers/login/old').catch(() => null));
  await server.call('POST', '/v1/tags', { id: 'payer', name_zh: '付款', owner: 'li', make: { kind: 'layers', layers: [{ value: 'yes', eql: 'DID(pay)' }] } });
  await server.call('POST', '/v1/tags/payer/run', {});
  const valueOf = async (key, value) => (await server.call('POST', '/v1/tags/lookup', { key, values: [value], tags: ['payer'] })).items[0].tags?.payer;
  assert.equal(await valueOf('phone', phone), 'yes');
  for (const [key, value] of [['phone', phone], ['device', 'd-8']]) await server.call('POST', '/v1/identity/cuts', { key, value });
  await send([seen({ login: 'new', phone }, 'look')]);
  await eventually('the number is new’s', async () => (await why('login/new', `phone/${phone}`).catch(() => ({}))).same);
  const values = async () => [await valueOf('login', 'old'), await valueOf('login', 'new'), await valueOf('phone', phone), await valueOf('device', 'd-8')];
  assert.deepEqual(await values(), ['yes', null, null, null]);
  await server.call('POST', '/v1/erasures', { key: 'login', value: 'old' });
  assert.deepEqual(await values(), [undefined, null, null, null]);
});

test('--cut takes an identity off its customer, while a server runs and while none does', async (t) => {
  assert.deepEqual(identitiesOf(customer('login', 'ann')), ['device:d-1', 'login:ann', 'phone:13812340001']);
  assert.equal(customer('device', 'd-1', '--cut').known_by.value, 'd-1');
  assert.deepEqual(identitiesOf(customer('login', 'ann')), ['login:ann', 'phone:13812340001']);
  const { reason } = await why('login/ann', 'device/d-1');
  assert.equal(reason, 'no_link');
  const { records } = await server.call('GET', '/v1/audit?limit=20');
  assert.ok(records.some(({ what }) => what === 'customer.identity_cut'), JSON.stringify(records));
  await server.kill();
  t.after(() => fs.rmSync(server.data, { recursive: true, force: true }));
  assert.equal(customer('device', 'd-2', '--cut').known_by.value, 'd-2');
  assert.deepEqual(identitiesOf(customer('login', 'bob')), ['login:bob']);
  assert.throws(() => customer('device', 'd-2', '--cut', '--erase'), /excludes/);
});
