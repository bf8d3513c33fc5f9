// How soon a live segment knows: events at a fixed rate over HTTP into a server with live segments of five
// forms, and beside them customers of whom one event makes a member; how long after the event was
// acknowledged the segment has him, and how long after the event left its range it has let him go. The
// load generator and the server share this machine. Writes bench/results/live-*.
//   node bench/live.mjs [--rate 50000] [--segments 200] [--kinds 40] [--users 100000] [--seconds 30] [--build build/release]
import fs from 'node:fs';
import path from 'node:path';
import { freshFolder, kWriteKey, load, machine, machineText, publish, readOptions, sleep } from './stand.mjs';

const options = readOptions({ rate: '50000', segments: '200', kinds: '40', users: '100000', seconds: '30' });
const { startServer } = await import('./engines/waypost.mjs');
const kRangeMs = 10_000;  // of the segment that is watched

const kForms = [
  (a) => `DID(${a}) LAST 1 HOURS COUNT >= 3`,
  (a, b) => `DID(${a}) LAST 10 MINUTES AND NOT DID(${b}) LAST 1 HOURS`,
  (a, b) => `SEQ(${a} THEN WITHIN 30 MINUTES ${b}) LAST 2 HOURS`,
  (a) => `DID(${a}, amount >= 100) LAST 7 DAYS INCLUDING CURRENT SUM(amount) >= 50000`,
  (a) => `DID(${a}) LAST 30 SECONDS COUNT >= 2`,
];
function rules() {
  const kinds = Number(options.kinds);
  const kind = (i) => `view_${String(i % kinds).padStart(2, '0')}`;
  return Array.from({ length: Number(options.segments) - 1 }, (_, i) => kForms[i % kForms.length](kind(i), kind(i * 7 + 3)));
}

const send = (port, seconds, more) => load({ port, key: kWriteKey, seconds, kinds: options.kinds, users: options.users, ...more });

// Customers one after the other; the milliseconds until the segment has taken each in, and until it has let him go.
async function watch(server, seconds) {
  const came = [], went = [], open = new Map();
  const until = performance.now() + seconds * 1000;
  let sent = 0, missed = 0;
  for (let next = performance.now(); performance.now() < until || open.size > 0; await sleep(10)) {
    if (performance.now() >= next && performance.now() < until) {
      next += 200;
      const userId = `probe-${sent++}`;
      const time = Date.now();
      await server.send({ event: 'probe', userId, messageId: userId, timestamp: new Date(time).toISOString() });
      open.set(`login:${userId}`, { acknowledged: performance.now(), ends: performance.now() + kRangeMs - (Date.now() - time) });
    }
    const { members } = await server.get('/v1/segments/zz_probe/members?limit=10000');
    const now = performance.now();
    const inside = new Set(members.map((member) => member.name));
    for (const [name, one] of open) {
      if (inside.has(name)) {
        if (one.in === undefined) came.push((one.in = now - one.acknowledged));
      } else if (one.in !== undefined || now > one.ends + kRangeMs) {
        if (one.in === undefined) missed += 1;
        else went.push(now - one.ends);
        open.delete(name);
      }
    }
  }
  const at = (list, share) => Math.round(list.sort((a, b) => a - b)[Math.min(list.length - 1, Math.floor(list.length * share))]);
  const tell = (list) => ({ p50_ms: at(list, 0.5), p99_ms: at(list, 0.99), max_ms: at(list, 1) });
  return { probes: came.length, missed, in: tell(came), out: tell(went) };
}

async function measure() {
  await send(server.port, 5, { batches: 300, first: 1e9 });
  await server.send({ event: 'probe', userId: 'nobody' });
  await server.countOf('probe');
  for (const [i, eql] of rules().entries()) await server.post('/v1/segments', { id: `live_${i}`, eql, refresh: 'live' });
  await server.post('/v1/segments', { id: 'zz_probe', eql: `DID(probe) LAST ${kRangeMs / 1000} SECONDS`, refresh: 'live' });
  await sleep(3_000);
  const cpu = server.cpuSeconds();
  const [http, watched] = await Promise.all([send(server.port, seconds + 4, { rate: options.rate }), sleep(1_000).then(() => watch(server, seconds))]);
  return { http, watched, cpu_s: server.cpuSeconds() - cpu, peak_memory_mb: Math.round(server.peakMemoryKb() / 1024) };
}

const folder = freshFolder(options, 'live');
const server = await startServer(path.join(folder, 'data'), 2, kWriteKey);
const seconds = Number(options.seconds);
const result = { ...machine(), ...options };
try {
  Object.assign(result, await measure());
} finally {
  await server.stop();
}
fs.rmSync(folder, { recursive: true });

const { http, watched } = result;
const text = `${machineText(result)}

| ${options.segments} live segments, ${options.kinds} kinds of events, ${options.users} customers | |
| --- | ---: |
| events/s acknowledged, of ${options.rate} sent | ${Math.round(http.events_per_s)} |
| acknowledged to member p50 / p99 / max | ${watched.in.p50_ms} / ${watched.in.p99_ms} / ${watched.in.max_ms} ms |
| out of the range to out of the segment p50 / p99 / max | ${watched.out.p50_ms} / ${watched.out.p99_ms} / ${watched.out.max_ms} ms |
| probes, of which never seen | ${watched.probes + watched.missed}, ${watched.missed} |
| CPU of the server | ${result.cpu_s.toFixed(1)} s of ${seconds + 4} s |
| batch p50 / p99 | ${http.p50_ms} / ${http.p99_ms} ms |
| peak memory | ${result.peak_memory_mb} MB |`;
publish('live', result, text);
