// What the outside knows of a server that is killed: which events it acknowledged, and whether each of
// them is in the data folder once.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import readline from 'node:readline';
import { kBuild, kWriteKey } from '../e2e/harness.mjs';

const kNumberBase = 1_000_000_000_000; // what the load generator adds to an event's number
const kBatchSize = 20;

// Runs `waypost` with `words`; `ended` resolves with its exit code and what it said.
export function waypost(words) {
  const child = spawn(path.join(kBuild, 'src/server/waypost'), words.map(String), { stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (more) => (text += more));
  return { child, ended: new Promise((resolve) => child.on('close', (code) => resolve({ code, text }))) };
}

export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

// Numbers in a file or the part of it that is said, one line at a time, with how often each was seen.
async function countNumbers(file, part, toNumbers) {
  const seen = new Map();
  for await (const line of readline.createInterface({ input: fs.createReadStream(file, part) })) {
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
      '--batch', kBatchSize, '--rate', 6_000, '--seconds', 30, ...limit,
    ].map(String), { stdio: 'ignore' });
    return new Promise((resolve) => load.on('exit', resolve));
  }

  // A moment in the acknowledgements: rewindTo() forgets those read after it.
  now() { return fs.statSync(this.#journal).size; }
  rewindTo(moment) { fs.truncateSync(this.#journal, moment); }

  // What was acknowledged by other means.
  acknowledge(first, count) { fs.appendFileSync(this.#journal, `${first} ${count}\n`); }

  folderFor(name) { return path.join(this.#folder, name); }

  // A file of events numbered from `first` on, and its mapping.
  writeFile(first, count) {
    const csv = this.folderFor('events.csv'), mapping = this.folderFor('events.toml');
    const line = (_, i) => `${kNumberBase + first + i},u${i % 500},${Date.now() - (i % 90) * 86_400_000}\n`;
    fs.writeFileSync(csv, `n,user,at\n${Array.from({ length: count }, line).join('')}`);
    fs.writeFileSync(mapping, `kind = "events"
[[identity]]
key = "login"
column = "user"
[event]
name = "imported"
[time]
column = "at"
format = "epoch_ms"
[properties]
n = "int"
`);
    return { csv, mapping };
  }

  // Opens the folder with `waypost export`: what was acknowledged up to `moment` is there, nothing twice.
  async compare(data, moment = this.now()) {
    const exported = this.folderFor('events.jsonl');
    const { code, text } = await waypost(['export', '--data', data, '--to', exported]).ended;
    assert.equal(code, 0, text);
    const kept = await countNumbers(exported, {}, (line) => [JSON.parse(line).n - kNumberBase]);
    fs.rmSync(exported);
    const acknowledged = moment === 0 ? new Map() : await countNumbers(this.#journal, { end: moment - 1 }, (line) => {
      const [first, count] = line.split(' ').map(Number);
      return Array.from({ length: count }, (_, i) => first + i);
    });
    const lost = [...acknowledged.keys()].filter((n) => !kept.has(n));
    const doubled = [...kept].filter(([, times]) => times > 1).map(([n]) => n);
    assert.deepEqual({ lost: lost.slice(0, 10), doubled: doubled.slice(0, 10) }, { lost: [], doubled: [] },
      `${lost.length} lost, ${doubled.length} doubled`);
    return { acknowledged: acknowledged.size, kept: kept.size };
  }

  async settle(t, data) {
    const { acknowledged, kept } = await this.compare(data);
    t.diagnostic(`${acknowledged} events acknowledged, ${kept} kept, 0 lost, 0 doubled`);
    return { acknowledged };
  }
}
