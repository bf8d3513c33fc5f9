// How fast journeys take a crowd: all customers in one run through all guards, sending held; then all of them in a
// wait that ends at one moment: memory of each, a restart with all of them inside, and how many timers fire a
// second. Writes bench/results/crowd-*.
//   node bench/crowd.mjs [--users 1000000] [--build build/release]
import fs from 'node:fs';
import path from 'node:path';
import { freshFolder, kWriteKey, load, machine, machineText, publish, readOptions, sleep } from './stand.mjs';

const options = readOptions({ users: '1000000' });
const { startServer } = await import('./engines/waypost.mjs');
const kTargets = { batch_s: 60, of: 10_000_000, bytes: 200, restart_s: 15, timers: 200_000 };
const kLeadMs = 30_000;  // from when the last one waits until the wait ends, at least
const users = Number(options.users);
let server;
const folder = freshFolder(options, 'crowd');
const start = () => startServer(path.join(folder, 'data'), 2, kWriteKey);

// An event of each customer, or nearly each: whose it is is drawn.
const know = (port) => load({ port, key: kWriteKey, seconds: 3600, batches: Math.ceil((2 * users) / 100), users, kinds: 1 });

const batch = (id, nodes, edges) => ({
  id, entry: { kind: 'batch', segment: 'all', schedule: { every: 'once', from: '2040-01-01', at: '09:00', run_now: true } },
  nodes: [{ id: 'start', type: 'entry' }, ...nodes, { id: 'end', type: 'exit' }], edges,
});
const guarded = batch('guarded',
  [{ id: 'hello', type: 'send', channel: 'sms', text: 'hello {{entry.amount|default:"you"}}' }],
  [{ from: 'start', to: 'hello' }, { from: 'hello', to: 'end' }]);
const waiting = (id, until) => batch(id, [{ id: 'wait', type: 'wait', until }], [{ from: 'start', to: 'wait' }, { from: 'wait', to: 'end' }]);

async function until(what) {
  while (!(await what())) await sleep(50);
}
// How many it is for, when all of them have come in.
async function allIn(id) {
  let found;
  await until(async () => {
    found = await server.get(`/v1/journeys/${id}`);
    return found.last_run && found.entered === found.last_run.customers;
  });
  return found.entered;
}
// The time of day of the next whole minute, `ms` from now at least.
function minuteAfter(ms) {
  const at = new Date(Math.ceil((Date.now() + ms) / 60_000) * 60_000);
  const time = new Intl.DateTimeFormat('en-GB', { timeZone: 'Asia/Shanghai', hour: '2-digit', minute: '2-digit' }).format(at);
  return { at: at.getTime(), time };
}

async function measure() {
  server = await start();
  await know(server.port);
  await server.countOf('view_00');
  await server.post('/v1/segments', { id: 'all', name_zh: 'all', name_en: 'all', owner: 'bench', eql: 'DID(view_00) COUNT >= 1' });
  await server.put('/v1/journeys/messages/policy', {
    caps: [{ name: 'day', limit: 2, fixed: 'day' }, { name: 'week', scope: 'channel', of: 'sms', limit: 5, rolling: '7d' }],
    quiet: [{ from: '23:59', to: '00:00' }],
  });
  await server.put('/v1/journeys/messages/hold', { held: true });
  const result = {};

  let began = performance.now();
  await server.post('/v1/journeys', guarded);
  result.customers = await allIn('guarded');
  result.guarded_s = (performance.now() - began) / 1000;

  const before = server.memoryKb();
  const { at, time } = minuteAfter((result.guarded_s + 10) * 1000 + kLeadMs);
  await server.post('/v1/journeys', waiting('waiting', time));
  await allIn('waiting');
  result.bytes = ((server.memoryKb() - before) * 1024) / result.customers;
  result.lead_s = (at - Date.now()) / 1000;

  await server.stop();
  began = performance.now();
  server = await start();
  result.restart_s = (performance.now() - began) / 1000;
  if (Date.now() > at) throw new Error('the wait was over before all were inside: take fewer users');
  await sleep(at - Date.now());
  await until(async () => (await server.get('/v1/journeys/waiting')).active === 0);
  result.timers_s = (Date.now() - at) / 1000;
  return result;
}

const result = { ...machine(), ...options };
try {
  Object.assign(result, await measure());
} finally {
  await server.stop();
}
fs.rmSync(folder, { recursive: true });

const scaled = (seconds, of) => ((seconds * of) / result.customers).toFixed(1);
const whole = (number) => Math.round(number).toLocaleString('en');
const text = `${machineText(result)}

| ${whole(result.customers)} customers in one run | measured | target |
| --- | ---: | ---: |
| through all guards | ${result.guarded_s.toFixed(1)} s; ${scaled(result.guarded_s, kTargets.of)} s for 10 million | ${kTargets.batch_s} s |
| memory of each who waits | ${whole(result.bytes)} B | ${kTargets.bytes} B |
| ready again with all of them inside | ${result.restart_s.toFixed(1)} s; ${scaled(result.restart_s, kTargets.of)} s for 10 million | ${kTargets.restart_s} s |
| timers of one moment, decided and on disk, a second | ${whole(result.customers / result.timers_s)} | ${whole(kTargets.timers)} |`;
publish('crowd', result, text);
