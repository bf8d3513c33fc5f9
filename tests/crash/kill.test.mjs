// Kills the real server, again and again on the same data, while a process outside keeps what was
// acknowledged. Half of the kills come under load, half when the server has just become idle; every third
// server is first sent again what the one before was sent, as a client does that got no answer. Settings
// change from server to server, so that kills meet flushes and merges; every tenth round kills an import
// of a file and runs it again, every tenth a backup. At the end every acknowledged event is there once, and
// nothing is there twice. KILLS says how often.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { startWaypost } from '../e2e/harness.mjs';
import { Ledger, sleep, waypost } from './ledger.mjs';

const kKills = Number(process.env.KILLS ?? 200);
const kRoundSize = 1_000_000; // numbers a round may use
const kIdleBatches = 20;
const kFlushRows = [300, 3_000, 2_000_000];
const kImportRows = 20_000;

const isImport = (round) => round % 10 === 4;
// Other moments each time, the same in every run.
const moment = (round, from, width) => from + ((round * 7919) % width);

async function killServer(ledger, data, round) {
  const server = await startWaypost(data, ['--store-flush-rows', kFlushRows[(round >> 1) % kFlushRows.length]]);
  const first = round * kRoundSize;
  if (round % 3 === 2 && !isImport(round - 1)) await ledger.load(server.port, first - kRoundSize, kIdleBatches);
  const load = ledger.load(server.port, first, round % 2 ? kIdleBatches : undefined);
  if (round % 2) await load;
  await sleep(moment(round, 60, 300));
  await server.kill();
  await load;
  return server.log().match(/store\.compacted/g)?.length ?? 0;
}

// The first run is killed, sometimes the second too; the last one says that all is in.
async function killImport(ledger, data, round) {
  const first = round * kRoundSize;
  const files = ledger.writeFile(first, kImportRows);
  const words = ['import', files.csv, '--mapping', files.mapping, '--id', `round-${round}`, '--data', data];
  for (let kill = 0; kill < 1 + (round % 3); kill++) {
    const run = waypost(words);
    await sleep(moment(round + kill, 20, 200));
    run.child.kill('SIGKILL');
    await run.ended;
  }
  const { code, text } = await waypost(words).ended;
  assert.equal(code, 0, text);
  ledger.acknowledge(first, kImportRows);
}

// A backup that was answered has all that was acknowledged before it was asked for; one that was cut off has
// that or is refused.
async function killBackup(ledger, data, round) {
  const server = await startWaypost(data, ['--store-flush-rows', 3_000]);
  const load = ledger.load(server.port, round * kRoundSize);
  await sleep(100);
  const folder = ledger.folderFor(`backup-${round}`);
  const asked = ledger.now();
  let answered = false;
  const backup = server.call('POST', '/v1/backup', { directory: folder }).then(() => (answered = true), () => {});
  await Promise.race([backup, sleep(moment(round, 1, 150))]);
  await server.kill();
  await load;
  await backup;
  const restored = ledger.folderFor(`restored-${round}`);
  const { code, text } = await waypost(['restore', '--from', folder, '--data', restored]).ended;
  if (code === 0) await ledger.compare(restored, asked);
  else assert.ok(!answered, text);
  for (const gone of [folder, restored]) fs.rmSync(gone, { recursive: true, force: true });
  return code === 0;
}

test(`${kKills} kills lose nothing acknowledged and double nothing`, async (t) => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'waypost-crash-'));
  t.after(() => fs.rmSync(folder, { recursive: true, force: true }));
  const data = path.join(folder, 'data');
  const ledger = new Ledger(folder);
  let merges = 0, backups = 0;
  for (let round = 0; round < kKills; round++) {
    if (isImport(round)) await killImport(ledger, data, round);
    else if (round % 10 === 8) backups += await killBackup(ledger, data, round);
    else merges += await killServer(ledger, data, round);
  }
  t.diagnostic(`${merges} merges, ${backups} backups restored`);
  const { acknowledged } = await ledger.settle(t, data);
  assert.ok(acknowledged >= kKills * 20, 'the load got through');
});
