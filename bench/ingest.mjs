// How much goes in: events a second that are acknowledged after a sync, the latency of a batch and the
// time until an answer shows an event at half that rate, disk, memory and restart. The load generator
// and the server share this machine. Writes bench/results/ingest-*.json.
//   node bench/ingest.mjs [--seconds 20] [--folder .dev/bench] [--build build/bench]
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { parseArgs } from 'node:util';
import { fileURLToPath } from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));
const root = path.dirname(here);
const { values: options } = parseArgs({
  options: {
    seconds: { type: 'string', default: '20' },
    folder: { type: 'string', default: path.join(root, '.dev/bench') },
    build: { type: 'string', default: path.join(root, 'build/bench') },
  },
});
process.env.WAYPOST_BUILD = path.resolve(options.build);
const { startServer } = await import('./engines/waypost.mjs');
const kWriteKey = 'bench-write-key';

async function load(...flags) {
  const program = path.join(process.env.WAYPOST_BUILD, 'bench/load_generator');
  const { stdout } = await promisify(execFile)(program, ['--key', kWriteKey, '--seconds', options.seconds, ...flags].map(String));
  return JSON.parse(stdout);
}

// Sends one event after another and asks until the answer counts it; the milliseconds between.
async function measureFreshness(server, until) {
  const waits = [];
  while (performance.now() < until) {
    await server.send({ event: 'probe', userId: 'probe', messageId: `probe-${waits.length}` });
    const begin = performance.now();
    while ((await server.countOf('probe')) <= waits.length);
    waits.push(performance.now() - begin);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  waits.sort((a, b) => a - b);
  return { p50_ms: waits[Math.floor(waits.length / 2)], p99_ms: waits[Math.floor(waits.length * 0.99)], probes: waits.length };
}

const folderBytes = (folder) => fs.readdirSync(folder, { withFileTypes: true, recursive: true })
  .filter((e) => e.isFile()).reduce((sum, e) => sum + fs.statSync(path.join(e.parentPath ?? e.path, e.name)).size, 0);

const data = path.resolve(options.folder, 'ingest');
fs.rmSync(data, { recursive: true, force: true });
let server = await startServer(data, os.availableParallelism(), kWriteKey);
const result = { cpu: os.cpus()[0].model, threads: os.availableParallelism() };
result.full_rate = await load('--port', server.port);
const half = Math.round(result.full_rate.events_per_s / 2);
const until = performance.now() + Number(options.seconds) * 1000;
[result.half_rate, result.freshness] = await Promise.all([
  load('--port', server.port, '--rate', half, '--first', 1e9),
  measureFreshness(server, until),
]);
result.peak_memory_mb = Math.round(server.peakMemoryKb() / 1024);
await server.stop();
result.bytes_per_event = folderBytes(data) / (result.full_rate.acknowledged + result.half_rate.acknowledged);
const begin = performance.now();
server = await startServer(data, os.availableParallelism(), kWriteKey);
result.restart_ms = performance.now() - begin;
await server.stop();
fs.rmSync(data, { recursive: true });

console.log(JSON.stringify(result, null, 1));
fs.mkdirSync(path.join(here, 'results'), { recursive: true });
fs.writeFileSync(path.join(here, 'results', `ingest-${new Date().toISOString().replace(/[:.]/g, '-')}.json`), JSON.stringify(result, null, 1));
