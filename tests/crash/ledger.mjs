// What the outside knows of a server that is killed: which events it acknowledged, and whether each of
// them is in the data folder once.
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import readline from 'node:readline';
import { promisify } from 'node:util';
import { kBuild, kWriteKey } from '../e2e/harness.mjs';

const kNumberBase = 1_000_000_000_000; // what the load generator adds to an event's number
const kBatchSize = 20;

export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

// Numbers in a file, one line at a time, with how often each was seen.
async function countNumbers(file, toNumbers) {
  const seen = new Map();
  for await (const line of readline.createInterface({ input: fs.createReadStream(file) })) {
    for (const n of toNumbers(line)) seen.set(n, (seen.get(n) ?? 0) + 1);
  }
  return seen;
}

export class Ledger {
  #folder;
  #journal;

  constructor(folder) {
    this.#folder = folder;
    this.#journal = path.join(folder, 'acknowledged');
    fs.writeFileSync(this.#journal, '');
  }

  // Sends events numbered from `first` on: `batches` batches, or until the server is gone. Resolves when
  // it has ended.
  load(port, first, batches) {
    const limit = batches ? ['--batches', batches] : [];
    const load = spawn(path.join(kBuild, 'bench/load_generator'), [
      '--port', port, '--key', kWriteKey, '--first', first, '--journal', this.#journal,
      '--batch', kBatchSize, '--rate', 20_000, '--seconds', 30, ...limit,
    ].map(String), { stdio: 'ignore' });
    return new Promise((resolve) => load.on('exit', resolve));
  }

  // A moment in the acknowledgements: rewindTo() forgets those read after it.
  now() { return fs.statSync(this.#journal).size; }
  rewindTo(moment) { fs.truncateSync(this.#journal, moment); }

  // Opens the folder with `waypost export` and compares.
  async settle(t, data, atLeast) {
    const exported = path.join(this.#folder, 'events.jsonl');
    await promisify(execFile)(path.join(kBuild, 'src/server/waypost'), ['export', '--data', data, '--to', exported]);
    const kept = await countNumbers(exported, (line) => [JSON.parse(line).n - kNumberBase]);
    const acknowledged = await countNumbers(this.#journal, (line) => {
      const [first, count] = line.split(' ').map(Number);
      return Array.from({ length: count }, (_, i) => first + i);
    });
    const lost = [...acknowledged.keys()].filter((n) => !kept.has(n));
    const doubled = [...kept].filter(([, times]) => times > 1).map(([n]) => n);
    t.diagnostic(`${acknowledged.size} events acknowledged, ${kept.size} kept, ${lost.length} lost, ${doubled.length} doubled`);
    assert.ok(acknowledged.size >= atLeast, 'the load got through');
    assert.deepEqual({ lost: lost.slice(0, 10), doubled: doubled.slice(0, 10) }, { lost: [], doubled: [] });
  }
}
