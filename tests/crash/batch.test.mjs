// Kills the server while a journey's run lets its customers in. Whoever the run was for comes in once, though
// the journey would take everybody again and the segment is another by then.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { eventually, kWriteKey, startWaypost } from '../e2e/harness.mjs';

const kKills = Math.min(Number(process.env.STATE_KILLS ?? 3), 20);
const kCustomers = 60_000; // a fast machine takes them in within half a second
const kFlags = ['--store-flush-rows', 5_000]; // kills meet flushes

const journey = {
  id: 'all', entry: { kind: 'batch', segment: 'signed', schedule: { from: '2026-01-01', at: '00:00', run_now: true } }, reentry: { policy: 'always' },
  nodes: [{ id: 'start', type: 'entry' }, { id: 'stay', type: 'wait', for: '30d' }], edges: [{ from: 'start', to: 'stay' }],
};

test(`${kKills} kills in the middle of a run let nobody in twice and leave nobody out`, async (t) => {
  const data = fs.mkdtempSync(path.join(os.tmpdir(), 'waypost-batch-'));
  t.after(() => fs.rmSync(data, { recursive: true, force: true }));
  let server = await startWaypost(data, kFlags);
  t.after(() => server.kill());
  const signUp = async (begin, end) => {
    const batch = Array.from({ length: end - begin }, (_, i) => ({ type: 'track', userId: `u${begin + i}`, messageId: `m${begin + i}`, event: 'Signed' }));
    const body = JSON.stringify({ writeKey: kWriteKey, batch });
    assert.ok((await fetch(`${server.base}/v1/batch`, { method: 'POST', body, headers: { 'content-type': 'application/json' } })).ok);
  };
  for (let at = 0; at < kCustomers; at += 2_000) await signUp(at, at + 2_000);
  await server.call('POST', '/v1/segments', { id: 'signed', eql: 'DID(Signed)' });
  assert.equal((await server.call('POST', '/v1/segments/signed/run')).count, kCustomers);
  await server.call('POST', '/v1/journeys', journey);
  const state = () => server.call('GET', '/v1/journeys/all');
  await eventually('it is known whom the run is for', async () => (await state()).last_run?.customers === kCustomers);

  let between = 0;
  for (let kill = 0; kill < kKills; ++kill) {
    if (kill > 0) await new Promise((resolve) => setTimeout(resolve, (kill * 37) % 150));
    const { entered, to_come: left } = await state();
    assert.equal(entered + left, kCustomers);
    between += left > 0;
    await server.kill();
    server = await startWaypost(data, kFlags);
    if (kill > 0) continue;
    await signUp(kCustomers, kCustomers + 10);
    await server.call('POST', '/v1/segments/signed/run');
  }
  await eventually('everybody is in', async () => (await state()).to_come === 0);
  const { entered, active, rejects } = await state();
  assert.deepEqual({ entered, active, rejects }, { entered: kCustomers, active: kCustomers, rejects: {} });
  t.diagnostic(`${between} of ${kKills} kills met the run`);
  assert.ok(kKills === 0 || between > 0, 'a kill met the run');
});
