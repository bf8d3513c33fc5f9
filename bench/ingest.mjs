// How much goes in, and how soon it is seen: events a second over HTTP that are acknowledged after a
// sync, the latency of a batch and the time until an answer shows an event at half that rate, files in
// three formats, disk, memory and restart. The load generator and the server share this machine. Beside
// each wall figure stands the CPU time of a million events, of server and client together, which a busy
// machine changes least. Writes bench/results/ingest-*.
//   node bench/ingest.mjs [--seconds 20] [--scale 0.1] [--folder .dev/bench] [--build build/release]
import { execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { folderBytes, freshFolder, here, kWriteKey, machine, machineText, program, publish, readOptions } from './stand.mjs';

const options = readOptions({ seconds: '20', scale: '0.1' });
const { startServer } = await import('./engines/waypost.mjs');
const kUsersAtScaleOne = 2_000_000;
const folder = freshFolder(options, 'ingest');
const data = path.join(folder, 'data');
const fresh = () => fs.rmSync(data, { recursive: true, force: true });
const { threads } = machine();
const serve = () => startServer(data, threads, kWriteKey);

// Runs a program; what it printed, its wall and its CPU seconds, as bash counts them.
function run(command, ...flags) {
  const child = spawn('bash', ['-c', 'TIMEFORMAT="%R %U %S"; time "$@" 2>"$ERRORS"', 'bash', command, ...flags.map(String)],
    { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ERRORS: path.join(folder, 'errors.txt') } });
  let out = '', times = '';
  child.stdout.on('data', (chunk) => (out += chunk));
  child.stderr.on('data', (chunk) => (times += chunk));
  return new Promise((resolve, reject) => child.on('close', (code) => {
    if (code !== 0) return reject(new Error(`${command} ended with ${code}: ${fs.readFileSync(path.join(folder, 'errors.txt'))}`));
    const [wall, user, system] = times.trim().split(' ').map(Number);
    resolve({ out, wall_s: wall, cpu_s: user + system });
  }));
}

// Sends batches; the generator's report, with the CPU seconds of both sides for a million events.
async function load(server, ...flags) {
  const before = server.cpuSeconds();
  const { out, cpu_s } = await run(program('bench/load_generator'), '--port', server.port, '--key', kWriteKey, '--seconds', options.seconds, ...flags);
  const report = JSON.parse(out);
  return { ...report, cpu_s_per_million: (server.cpuSeconds() - before + cpu_s) / report.acknowledged * 1e6 };
}

// Sends one event after another and asks until the answer counts it; the milliseconds between the
// acknowledgement and that answer.
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

async function measureHttp() {
  fresh();
  let server = await serve();
  const full = await load(server);
  const until = performance.now() + Number(options.seconds) * 1000;
  const [half, freshness] = await Promise.all([
    load(server, '--rate', Math.round(full.events_per_s / 2), '--first', 1e9),
    measureFreshness(server, until),
  ]);
  const peak_memory_mb = Math.round(server.peakMemoryKb() / 1024);
  await server.stop();
  const bytes_per_event = folderBytes(data) / (full.acknowledged + half.acknowledged);
  return { full, half, freshness, peak_memory_mb, bytes_per_event };
}

// The benchmark's events as CSV, and what Waypost exports of them in the other formats.
async function makeFiles() {
  const csv = path.join(folder, 'csv');
  fs.mkdirSync(csv, { recursive: true });
  const sums = execFileSync(program('bench/bcb_generate'), [String(Math.round(kUsersAtScaleOne * options.scale)), csv, '4']);
  const files = { csv, jsonl: path.join(folder, 'events.jsonl'), parquet: path.join(folder, 'events.parquet') };
  fresh();
  await importFrom('events.toml', csv);
  for (const name of ['jsonl', 'parquet']) {
    fs.rmSync(files[name], { force: true });
    await run(program('src/server/waypost'), 'export', '--data', data, '--to', files[name]);
  }
  return { rows: JSON.parse(sums).rows, files };
}

const importFrom = (mapping, source) =>
  run(program('src/server/waypost'), 'import', '--data', data, '--mapping', path.join(here, mapping), source);

async function measureFiles() {
  const { rows, files } = await makeFiles();
  const formats = {};
  for (const [format, source] of Object.entries(files)) {
    fresh();
    const { wall_s, cpu_s } = await importFrom(format === 'csv' ? 'events.toml' : 'exported.toml', source);
    formats[format] = { rows_per_s: rows / wall_s, cpu_s_per_million: cpu_s / rows * 1e6 };
    if (format === 'csv') Object.assign(formats.csv, await measureRestart(rows));
  }
  return { rows, formats };
}

// On what an import left: disk, how soon it serves, and the memory of answering every question about events.
async function measureRestart(rows) {
  const bytes_per_event = folderBytes(data) / rows;
  const begin = performance.now();
  const server = await serve();
  const restart_ms = performance.now() - begin;
  const questions = fs.readdirSync(path.join(here, 'questions')).map((name) => JSON.parse(fs.readFileSync(path.join(here, 'questions', name))));
  for (const question of questions.filter(({ ask }) => ask && ask !== 'portrait')) await server.ask(question);  // of events, which are all there is
  const answering_memory_mb = Math.round(server.peakMemoryKb() / 1024);
  await server.stop();
  return { bytes_per_event, restart_ms, answering_memory_mb };
}

function table({ http, files }) {
  const whole = (x) => Math.round(x).toLocaleString('en');
  const idle = (cpu) => `${cpu.toFixed(2)} s; ${whole(threads / cpu * 1e6)} events/s when all ${threads} cores work`;
  const { csv } = files.formats;
  const lines = [
    ['HTTP, batches of 100 events of 1 KB', `${whole(http.full.events_per_s)} events/s`, idle(http.full.cpu_s_per_million)],
    ['- batch p50 / p99 at full rate', `${http.full.p50_ms} / ${http.full.p99_ms} ms`, ''],
    ['- batch p50 / p99 at half rate, with questions', `${http.half.p50_ms} / ${http.half.p99_ms} ms`, idle(http.half.cpu_s_per_million)],
    ['- acknowledged to visible p50 / p99 at half rate', `${whole(http.freshness.p50_ms)} / ${whole(http.freshness.p99_ms)} ms`, `${http.freshness.probes} probes`],
    ['- disk an event, peak memory', `${http.bytes_per_event.toFixed(1)} bytes, ${http.peak_memory_mb} MB`, ''],
    ...Object.entries(files.formats).map(([name, f]) => [`${name}, ${whole(files.rows)} rows`, `${whole(f.rows_per_s)} rows/s`, idle(f.cpu_s_per_million)]),
    ['- disk an event', `${csv.bytes_per_event.toFixed(1)} bytes`, ''],
    ['- restart to ready', `${whole(csv.restart_ms)} ms`, ''],
    ['- peak memory, all questions asked', `${csv.answering_memory_mb} MB`, ''],
  ];
  return ['| | measured | CPU of a million |', '| --- | ---: | ---: |', ...lines.map((cells) => `| ${cells.join(' | ')} |`)].join('\n');
}

const result = machine();
result.http = await measureHttp();
result.files = await measureFiles();
fs.rmSync(folder, { recursive: true });

const text = `${machineText(result)}\n\n${table(result)}`;
publish('ingest', result, text);
