// How fast journeys decide: events over HTTP into a server with running journeys that each of them starts, a
// condition, a cap, a text made for the customer and a message to a provider that counts. The load generator,
// the provider and the server share this machine. Writes bench/results/journeys-*.
//   node bench/journeys.mjs [--journeys 100] [--users 100000] [--seconds 15] [--batches 0] [--rate 0]
//     [--build build/release]
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { freshFolder, kWriteKey, load, machine, machineText, publish, readOptions, sleep } from './stand.mjs';

const options = readOptions({
  journeys: '100',
  users: '100000',
  seconds: '15',
  batches: '0',  // of 100 events, to be decided about; 0: what comes in those seconds
  rate: '0',  // events/s while messages are timed; 0: a part of what is decided about
});
const { startServer } = await import('./engines/waypost.mjs');
const kWarmUpBatches = 300;
const kPart = 0.6;
const kTargets = { events: 150_000, entries: 100_000, p99: 50 };

// Takes everything, and says when a text came.
async function startSink() {
  const sink = { messages: 0, times: new Map() };
  const server = http.createServer({ keepAlive: true }, (request, response) => {
    let body = '';
    request.on('data', (data) => (body += data)).on('end', () => {
      sink.messages += 1;
      if (body.startsWith('probe-')) sink.times.set(body, performance.now());
      response.end();
    });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  sink.url = `http://127.0.0.1:${server.address().port}/`;
  sink.stop = () => { server.closeAllConnections(); server.close(); };
  return sink;
}

const journey = (id, event, channel, text) => ({
  id, entry: { kind: 'event', on: event }, reentry: { policy: 'always' },
  nodes: [
    { id: 'start', type: 'entry' },
    { id: 'ask', type: 'judge', when: `DID(${event}) LAST 1 HOURS COUNT >= 1` },
    { id: 'hello', type: 'send', channel, text },
    { id: 'end', type: 'exit' },
  ],
  edges: [{ from: 'start', to: 'ask' }, { from: 'ask', when: 'yes', to: 'hello' }, { from: 'hello', to: 'end' }],
});

const send = (port, seconds, more) => load({ port, key: kWriteKey, seconds, kinds: options.journeys, users: options.users, ...more });

async function entered(server) {
  const { journeys } = await server.get('/v1/journeys');
  return journeys.filter((one) => one.id !== 'probe').reduce((sum, one) => sum + one.entered, 0);
}

// As SDKs do: again in a moment while too much is waiting.
async function patiently(send) {
  for (;;) {
    try {
      return await send();
    } catch (error) {
      if (!error.message.includes('"overloaded"')) throw error;
      await sleep(1000);
    }
  }
}

// The milliseconds from an event's acknowledgement until its message is at the provider.
async function probe(server, sink, seconds) {
  const sent = new Map();
  for (let i = 0; i < seconds * 5; ++i) {
    const text = `probe-${i}`;
    await patiently(() => server.send({ event: 'probe', userId: text, messageId: text, properties: { text } }));
    sent.set(text, performance.now());
    await sleep(200);
  }
  for (let turn = 0; turn < 600 && ![...sent.keys()].every((text) => sink.times.has(text)); ++turn) await sleep(50);
  return [...sent].map(([text, at]) => (sink.times.get(text) ?? Infinity) - at).sort((a, b) => a - b);
}

async function measure(server, sink) {
  const seconds = Number(options.seconds);
  await send(server.port, 5, { batches: kWarmUpBatches, first: 1e9 });
  await server.send({ event: 'probe', userId: 'nobody', properties: { text: 'none' } });
  await server.countOf('probe');
  await server.put('/v1/channels/sink', {
    name: 'sink', kind: 'http', at_once: 32, repeatable: true,
    request: { url: sink.url, headers: { 'Content-Type': 'text/plain' }, body: '{{text}}' },
  });
  await server.put('/v1/journeys/messages/policy', { caps: [{ name: 'many', limit: 10_000, rolling: '24h' }] });
  for (let i = 0; i < Number(options.journeys); ++i) {
    const event = `view_${String(i).padStart(2, '0')}`;
    await server.post('/v1/journeys', journey(`j${i}`, event, 'sink', 'hello {{entry.amount|default:"you"}}'));
  }
  await server.post('/v1/journeys', journey('probe', 'probe', 'sink', '{{text}}'));
  // As fast as events are taken, until the last of them is decided about; then at a part of that, with messages timed.
  const began = performance.now(), cpu = server.cpuSeconds();
  const http_ = await send(server.port, seconds, Number(options.batches) > 0 ? { batches: options.batches } : {});
  while ((await entered(server)) < http_.acknowledged) await sleep(100);
  const full_s = (performance.now() - began) / 1000, entries_per_s = http_.acknowledged / full_s;
  const cpu_s = server.cpuSeconds() - cpu;
  while (sink.messages < http_.acknowledged) await sleep(100);
  const sends_per_s = (sink.messages * 1000) / (performance.now() - began);
  const rate = Math.round(Number(options.rate) || entries_per_s * kPart);
  const [, delays] = await Promise.all([
    send(server.port, seconds, { rate, first: 2e9 }), sleep(500).then(() => probe(server, sink, seconds - 2)),
  ]);
  const at = (share) => Math.round(delays[Math.min(delays.length - 1, Math.floor(delays.length * share))]);
  return {
    http: http_, full_s, cpu_s, entries: http_.acknowledged, entries_per_s, sends_per_s,
    delay: { rate, p50_ms: at(0.5), p99_ms: at(0.99) }, peak_memory_mb: Math.round(server.peakMemoryKb() / 1024),
  };
}

const folder = freshFolder(options, 'journeys');
const sink = await startSink();
const server = await startServer(path.join(folder, 'data'), 2, kWriteKey, ['--egress-allow', '127.0.0.1']);
const result = { ...machine(), ...options };
try {
  Object.assign(result, await measure(server, sink));
} finally {
  await server.stop();
  sink.stop();
}
fs.rmSync(folder, { recursive: true });

const whole = (number) => Math.round(number).toLocaleString('en');
const text = `${machineText(result)}

| ${options.journeys} running journeys, ${options.users} customers | measured | target |
| --- | ---: | ---: |
| events/s acknowledged | ${whole(result.http.events_per_s)} | ${whole(kTargets.events)} |
| customers let in and decided about, on disk, a second | ${whole(result.entries_per_s)} | ${whole(kTargets.entries)} |
| messages/s at the provider | ${whole(result.sends_per_s)} | |
| acknowledged to at the provider p50 / p99, at ${whole(result.delay.rate)} events/s | ${result.delay.p50_ms} / ${result.delay.p99_ms} ms | decided in ${kTargets.p99} ms |
| CPU of the server until all were decided about | ${result.cpu_s.toFixed(1)} s of ${result.full_s.toFixed(1)} s | |
| peak memory | ${result.peak_memory_mb} MB | |`;
publish('journeys', result, text);
