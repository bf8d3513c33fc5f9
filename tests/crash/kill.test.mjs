// Kills the real server under load, again and again on the same data, while a process outside keeps what
// was acknowledged. At the end every acknowledged event is there once, and nothing is there twice.
// KILLS says how often (default 200).
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import readline from 'node:readline';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { kBuild, kWriteKey, startWaypost } from '../e2e/harness.mjs';

const kKills = Number(process.env.KILLS ?? 200);
const kRoundSize = 1_000_000; // numbers a round may use
const kNumberBase = 1_000_000_000_000; // what the load generator adds to an event's number
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

// Sends until the server dies.
function startLoad(port, round, journal) {
  const load = spawn(path.join(kBuild, 'bench/load_generator'), [
    '--port', port, '--key', kWriteKey, '--first', round * kRoundSize, '--journal', journal,
    '--batch', 20, '--rate', 20_000, '--seconds', 30,
  ].map(String), { stdio: 'ignore' });
  return new Promise((resolve) => load.on('exit', resolve));
}

async function readNumbers(file, toNumbers) {
  const seen = new Map();
  for await (const line of readline.createInterface({ input: fs.createReadStream(file) })) {
    for (const n of toNumbers(line)) seen.set(n, (seen.get(n) ?? 0) + 1);
  }
  return seen;
}

test(`${kKills} kills under load lose nothing acknowledged and double nothing`, async (t) => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'waypost-crash-'));
  t.after(() => fs.rmSync(folder, { recursive: true, force: true }));
  const data = path.join(folder, 'data');
  const journal = path.join(folder, 'acknowledged');
  for (let round = 0; round < kKills; round++) {
    const server = await startWaypost(data);
    const load = startLoad(server.port, round, journal);
    await sleep(60 + ((round * 7919) % 300)); // other moments each time, the same in every run
    await server.kill();
    await load;
  }

  const exported = path.join(folder, 'events.jsonl');
  await promisify(execFile)(path.join(kBuild, 'src/server/waypost'), ['export', '--data', data, '--to', exported]);
  const kept = await readNumbers(exported, (line) => [JSON.parse(line).n - kNumberBase]);
  const acknowledged = await readNumbers(journal, (line) => {
    const [first, count] = line.split(' ').map(Number);
    return Array.from({ length: count }, (_, i) => first + i);
  });
  const lost = [...acknowledged.keys()].filter((n) => !kept.has(n));
  const doubled = [...kept].filter(([, times]) => times > 1).map(([n]) => n);
  t.diagnostic(`${acknowledged.size} events acknowledged, ${kept.size} kept, over ${kKills} kills`);
  assert.ok(acknowledged.size > kKills * 20, 'the load got through');
  assert.deepEqual({ lost: lost.slice(0, 10), doubled: doubled.slice(0, 10) }, { lost: [], doubled: [] });
});
