// The examples work as they are: every channel is a good description, and the three journeys run against the
// demo bank, by command and over HTTP.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { eventually, kApiToken, kBuild, kRoot, kWriteKey, startWaypost } from './harness.mjs';

const kExamples = path.join(kRoot, 'examples');
const read = (file) => JSON.parse(fs.readFileSync(path.join(kExamples, file)));

test('the examples', async (t) => {
  const server = await startWaypost(undefined, ['--customers', 50, '--days', 90, '--still'], 'demo');
  t.after(server.stop);
  for (const file of fs.readdirSync(path.join(kExamples, 'channels'))) {
    assert.deepEqual(await server.call('POST', '/v1/channels/check', read(`channels/${file}`)), { valid: true }, file);
  }
  const journey = async (...words) => {
    const { stdout } = await promisify(execFile)(path.join(kBuild, 'src/server/waypost'), ['journey', ...words, '--data', server.data, '--listen-port', String(server.port)],
      { env: { ...process.env, WAYPOST_API_TOKEN: kApiToken, WAYPOST_WRITE_KEY: kWriteKey } });
    return JSON.parse(stdout);
  };
  for (const file of fs.readdirSync(path.join(kExamples, 'journeys')).filter((name) => name.endsWith('.json'))) {
    const where = path.join(kExamples, 'journeys', file);
    const { valid, faults } = await journey('validate', where);
    assert.ok(valid, `${file}: ${JSON.stringify(faults)}`);
    assert.deepEqual(faults, [], file);
    const forecast = await journey('rehearse', where, '--days', '366');
    assert.ok(forecast.entered > 0 && forecast.events >= forecast.entered, `${file}: ${JSON.stringify(forecast)}`);
    assert.equal((await journey('publish', where)).version, 1);
  }
  const batch = [['app_start', {}], ['salary_received', { amount: 12345.6 }], ['loan_view', {}]].map(([event, properties]) =>
    ({ type: 'track', userId: 'ann', messageId: `m-${event}`, event, properties }));
  await fetch(`${server.base}/v1/batch`, { method: 'POST', body: JSON.stringify({ writeKey: kWriteKey, batch }), headers: { 'content-type': 'application/json' } });

  // Welcomed at once, waiting for the salary to settle, not yet asked about the loan.
  const { items } = await eventually('the welcome', async () => { const all = await server.call('GET', '/v1/journeys/messages/sandbox'); return all.items.length === 1 && all; });
  assert.equal(items[0].text, '欢迎，新朋友！三步开启您的账户');
  const standing = async (id) => (await journey('show', id)).nodes.filter((node) => node.here).map((node) => [node.id, node.here]);
  assert.deepEqual(await standing('new-customer'), [['week', 1]]);
  assert.deepEqual(await standing('payday'), [['settle', 1]]);
  assert.deepEqual(await standing('first-loan'), []);

  const why = await journey('why', 'first-loan', 'login', 'ann');
  assert.equal(why.ever_entered, false);
  assert.equal(why.waits_for, 'event loan_view without loan_apply');
  assert.equal((await journey('why', 'payday', 'login', 'ann')).refused_now.reason, 'reentry_interval');
  assert.equal((await journey('pause', 'payday')).phase, 'paused');
  assert.equal((await journey('why', 'payday', 'login', 'ann')).refused_now.reason, 'paused');
  assert.equal((await journey('resume', 'payday')).phase, 'running');
  assert.equal((await journey('release', 'payday', '--percent', '5', '--who', 'DID(app_start)')).version, 2);
  assert.deepEqual((await journey('show', 'payday')).definition.release, { percent: 5, who: 'DID(app_start)' });
  assert.deepEqual((await journey('versions', 'payday')).versions.map(({ version, entered }) => [version, entered]), [[2, 0], [1, 1]]);
  assert.deepEqual((await journey('compare', 'payday', '--version', '2')).changes.map(({ field, after }) => [field, after]), [['release.percent', 5], ['release.who', 'DID(app_start)']]);
  assert.equal((await journey('put-template', path.join(kExamples, 'journeys/templates/payday.json'), 'salary')).version, 1);
  assert.equal((await journey('make', path.join(kExamples, 'journeys/templates/payday-branch.json'), 'salary')).version, 1);
  assert.deepEqual((await journey('templates')).templates.map(({ id, journeys }) => [id, journeys.length]), [['salary', 1]]);
  assert.deepEqual((await journey('template', 'salary')).journeys.map(({ id, branch, phase }) => [id, branch, phase]), [['payday-pudong', '浦东支行', 'running']]);
  assert.equal((await journey('stop', 'payday')).phase, 'stopped');
  assert.deepEqual((await journey('list')).journeys.map((one) => one.id).sort(), ['first-loan', 'new-customer', 'payday', 'payday-pudong']);
});
