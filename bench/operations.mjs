// What is done beside questions, on the loaded bank benchmark: estimates of a rule, look-ups of customers at a
// fixed rate, as they are and with 200 tags and their last 100 events, and wrong merges of one customer in two hundred, made and undone while a funnel is asked. Works on a copy of
// what `bench/run.mjs` has loaded. Prints the target beside each figure; writes bench/results/operations-*.
//   node bench/operations.mjs [--scale 1] [--rate 20000] [--profiles 2000] [--seconds 10] [--folder .dev/bench] [--build build/release]
import fs from 'node:fs';
import path from 'node:path';
import { here, kWriteKey, load, machine, machineText, publish, readOptions, sleep } from './stand.mjs';

const options = readOptions({ scale: '1', rate: '20000', profiles: '2000', seconds: '10' });
const { startServer, kToken } = await import('./engines/waypost.mjs');
const users = Math.round(2_000_000 * Number(options.scale));
const loaded = path.resolve(options.folder, `sf${Number(options.scale)}`, 'waypost');
const data = path.resolve(options.folder, 'operations');
const body = (question) => JSON.parse(fs.readFileSync(path.join(here, `questions/${question}.json`)));
const at = (list, share) => [...list].sort((a, b) => a - b)[Math.min(list.length - 1, Math.floor(list.length * share))];

async function estimates(server) {
  const times = [];
  for (let i = 0; i < 21; i++) {
    const begin = performance.now();
    await server.post('/v1/eql/estimate', body('q17'));
    times.push(performance.now() - begin);
  }
  const [first, ...further] = times;
  return { first, p50: at(further, 0.5), p99: at(further, 0.99) };
}

const kTags = 200;

// Tags of which every customer has a value: three layers of a number of their own.
async function makeTags(server) {
  const { key } = await server.post('/v1/keys', { id: 'certifier', rights: ['tags.approve', 'tags.view'], days: 1 });
  for (let i = 0; i < kTags; i++) {
    const id = `layer_${String(i).padStart(3, '0')}`;
    const layers = [{ value: '高', eql: `birth_year >= ${1950 + (i % 50)} AND city_id <= ${i + 100}` }, { value: '中', eql: `birth_year >= ${1940 + (i % 50)}` }];
    await server.post('/v1/tags', { id, name_zh: id, owner: 'bench', make: { kind: 'layers', layers, otherwise: '低' } });
    await server.post(`/v1/tags/${id}/steps/submit`);
    await server.post(`/v1/tags/${id}/certify`, undefined, key);
    await server.post(`/v1/tags/${id}/run`);
  }
  const profile = await server.get('/v1/customers/login/7/profile');
  if (Object.keys(profile.tags).length !== kTags) throw new Error(`${Object.keys(profile.tags).length} tags of ${kTags}`);
  return { tags: kTags, events: profile.events.length, bytes: Buffer.byteLength(JSON.stringify(profile)) };
}

async function lookUps(server, look, rate) {
  const before = server.cpuSeconds();
  const report = await load({ port: server.port, key: kToken, look, users, batch: 1, rate, seconds: options.seconds });
  return { ...report, cpu_us: (server.cpuSeconds() - before) / report.acknowledged * 1e6 };
}

// Two customers become one by a telephone number that both are said to have, as often as one in 200.
const pairs = Array.from({ length: Math.floor(users / 400) }, (_, i) => [400 * i + 7, 400 * i + 207, String(13_000_000_000 + i)]);
async function send(server, records) {
  for (let i = 0; i < records.length; i += 500) {
    const answer = await server.events(records.slice(i, i + 500));
    if (answer.quarantined) throw new Error(JSON.stringify(answer));
  }
}
const binds = pairs.flatMap(([a, b, phone]) => [a, b].map((login) => ({ type: 'track_id_bind', identities: { login: String(login), phone } })));
const cuts = pairs.map(([, b, phone]) => ({ type: 'track_id_unbind', identities: { login: String(b), phone } }));

async function counts(server) {
  const { everyone } = await server.ask(body('q05'));
  return everyone.steps.map((step) => step.count).join('|');
}

// Asks until all is sent; how many answers there were on the way and how long the last change took to be seen.
async function asking(server, records) {
  let done = false, asked = 0;
  const begin = performance.now();
  const sending = send(server, records).then(() => (done = true));
  while (!done) {
    await counts(server);
    asked++;
  }
  await sending;
  const sent = performance.now();
  const answer = await counts(server);
  return { answer, asked, send_s: (sent - begin) / 1000, seen_ms: performance.now() - sent };
}

async function merges(server) {
  const rules = await server.get('/v1/identity/keys');
  for (const key of rules.keys) if (key.key === 'login') key.values = 0;
  await server.put('/v1/identity/keys', rules);
  const before = await counts(server);
  const merged = await asking(server, binds);
  const undone = await asking(server, cuts);
  if (undone.answer !== before) throw new Error(`the funnel is ${undone.answer} after all merges are undone; it was ${before}`);
  if (merged.answer === before) throw new Error(`the funnel is ${before} with ${pairs.length} merges and without`);
  return { before, merged, undone };
}

if (!fs.existsSync(loaded)) throw new Error(`there is no ${loaded}: run bench/run.mjs --scale ${options.scale} first`);
fs.rmSync(data, { recursive: true, force: true });
fs.cpSync(loaded, data, { recursive: true });
const began = performance.now();
const server = await startServer(data, machine().threads, kWriteKey);
const ready_ms = performance.now() - began;
let result;
try {
  await sleep(2_000);
  result = { ...machine(), ready_ms, estimate: await estimates(server), look: await lookUps(server, '/v1/customers/login/{}', options.rate),
    profile: { ...await makeTags(server), ...await lookUps(server, '/v1/customers/login/{}/profile', options.profiles) }, merges: await merges(server), peak_memory_mb: Math.round(server.peakMemoryKb() / 1024) };
} finally {
  await server.stop();
}
fs.rmSync(data, { recursive: true });

const { estimate, look, profile } = result;
const ms = (value) => `${value.toFixed(value < 10 ? 2 : 0)} ms`;
const text = `BCB at scale ${options.scale}, ${machineText(result)}

| | measured | target |
| --- | ---: | ---: |
| restart to ready | ${ms(ready_ms)} | 2,000 ms |
| estimate of five mixed rules, first / p50 / p99 | ${ms(estimate.first)} / ${ms(estimate.p50)} / ${ms(estimate.p99)} | 100 ms |
| customers looked up a second, of ${options.rate} asked | ${Math.round(look.events_per_s)} | 20,000 |
| - p50 / p99 | ${ms(look.p50_ms)} / ${ms(look.p99_ms)} | 1 ms |
| - CPU of the server | ${look.cpu_us.toFixed(0)} us each |  |
| profiles of ${profile.tags} tags and up to 100 events a second, of ${options.profiles} asked | ${Math.round(profile.events_per_s)} | 20,000 |
| - p50 / p99 | ${ms(profile.p50_ms)} / ${ms(profile.p99_ms)} | 1 ms |
| - CPU of the server, bytes | ${profile.cpu_us.toFixed(0)} us each, ${profile.bytes} with ${profile.events} events |  |
| ${pairs.length} merges, with ${result.merges.merged.asked} funnels meanwhile | ${result.merges.merged.send_s.toFixed(1)} s |  |
| - after the last, until the funnel has them | ${ms(result.merges.merged.seen_ms)} | 1,000 ms |
| all undone, with ${result.merges.undone.asked} funnels meanwhile | ${result.merges.undone.send_s.toFixed(1)} s |  |
| funnel before, merged, undone | ${result.merges.before}, ${result.merges.merged.answer}, ${result.merges.undone.answer} | the first and the last equal |
| peak memory | ${result.peak_memory_mb} MB | 4,096 MB |`;
publish('operations', result, text);
