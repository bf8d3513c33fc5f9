// Kills the real server, again and again on the same data, while a process outside keeps what was
// acknowledged. Half of the kills come under load, half when the server has just become idle; every third
// server is first sent again what the one before was sent, as a client does that got no answer. At the
// end every acknowledged event is there once, and nothing is there twice. KILLS says how often.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { startWaypost } from '../e2e/harness.mjs';
import { Ledger, sleep } from './ledger.mjs';

const kKills = Number(process.env.KILLS ?? 200);
const kRoundSize = 1_000_000; // numbers a round may use
const kIdleBatches = 20;

test(`${kKills} kills lose nothing acknowledged and double nothing`, async (t) => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'waypost-crash-'));
  t.after(() => fs.rmSync(folder, { recursive: true, force: true }));
  const data = path.join(folder, 'data');
  const ledger = new Ledger(folder);
  for (let round = 0; round < kKills; round++) {
    const server = await startWaypost(data);
    const first = round * kRoundSize;
    if (round % 3 === 2) await ledger.load(server.port, first - kRoundSize, kIdleBatches);
    const load = ledger.load(server.port, first, round % 2 ? kIdleBatches : undefined);
    if (round % 2) await load;
    await sleep(60 + ((round * 7919) % 300)); // other moments each time, the same in every run
    await server.kill();
    await load;
  }
  await ledger.settle(t, data, kKills * 20);
});
