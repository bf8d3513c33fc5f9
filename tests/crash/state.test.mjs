// Kills the real server while customers merge and part again, tags run, tables load and live segments and tags move,
// and imports of files between, and sends again what was not answered and much of what was. At the end everything
// that can be asked says the same as of a server that took the same steps and was never killed, before and after one
// more start.
// STATE_KILLS says how often.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { eventually, kWriteKey, startWaypost } from '../e2e/harness.mjs';
import { sleep, waypost } from './ledger.mjs';

const kKills = Number(process.env.STATE_KILLS ?? 6);
const kSteps = 6 * kKills;
const kPeople = 40, kDevices = 60, kHoldings = 300;
const kFirstDay = Date.UTC(2026, 2, 1), kDay = 86_400_000;
const kFlags = ['--store-flush-rows', '400'];
const kDays = 90; // that tags are made of, again and again where there are more steps; all are over
const dayOf = (step) => new Date(kFirstDay + (step % kDays) * kDay).toISOString().slice(0, 10);

// Numbers that are the same in every run.
function numbers(seed) {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

// Steps that may each be taken twice in a row and are the same as once.
const kKinds = {
  async events(server, below, step) {
    const who = () => (below(3) ? { login: `u${below(kPeople)}` } : { device: `d${below(kDevices)}` });
    await collect(server, Array.from({ length: 60 }, (_, i) => ({ event: below(2) ? 'pay' : 'view', identities: who(), message_id: `e${step}-${i}`,
      time: kFirstDay + below(60) * kDay + below(kDay), properties: { amount: below(500), channel: ['app', 'web'][below(2)] } })));
  },
  async links(server, below, step) {
    await collect(server, Array.from({ length: 12 }, (_, i) => ({ type: below(3) ? 'track_id_bind' : 'track_id_unbind',
      identities: { login: `u${below(kPeople)}`, device: `d${below(kDevices)}` }, message_id: `l${step}-${i}`, time: kFirstDay + step * 1_000 + i })));
  },
  async profiles(server, below, step) {
    await collect(server, Array.from({ length: 20 }, (_, i) => ({ type: 'profile_set', identities: below(2) ? { login: `u${below(kPeople)}` } : { device: `d${below(kDevices)}` },
      message_id: `p${step}-${i}`, time: kFirstDay + step * 1_000 + i, properties: { vip: below(6), city: ['上海', '北京', '广州'][below(3)] } })));
    // What is taken twice shows in sums.
    await collect(server, Array.from({ length: 20 }, (_, i) => ({ type: 'profile_increment', identities: { login: `u${below(kPeople)}` },
      message_id: `s${step}-${i}`, time: kFirstDay + step * 1_000 + i, properties: { points: 1 + below(9) } })));
  },
  async rows(server, below) {
    const rows = new Map(Array.from({ length: 120 }, () => `h${below(kHoldings)}`).map((holding) => [holding, { identities: { login: `u${below(kPeople)}` }, values: { holding, product: `p${below(9)}`, amount: below(1_000) } }]));
    await server.call('POST', '/v1/tables/holding/rows', { rows: [...rows.values()] });
  },
  async deletes(server, below) {
    await server.call('POST', '/v1/tables/holding/rows', { delete: true, rows: Array.from({ length: 15 }, () => ({ values: { holding: `h${below(kHoldings)}` } })) });
  },
  async tags(server, below, step) {
    for (const tag of kTags) await server.call('POST', `/v1/tags/${tag}/run`, { day: dayOf(step) });
    await server.call('POST', '/v1/segments/payers/run');
  },
};
async function collect(server, records) {
  const sent = await fetch(`${server.base}/v1/events`, { method: 'POST', headers: { authorization: `Bearer ${kWriteKey}` }, body: JSON.stringify(records) });
  assert.ok(sent.ok, await sent.text());
}
const kinds = Object.keys(kKinds);
const take = (server, step) => kKinds[kinds[step % kinds.length]](server, numbers(step + 1), step);
// What has message ids counts once however late it comes again.
const sayAgain = async (server, step) => {
  const withIds = (at) => ['events', 'links', 'profiles'].includes(kinds[at % kinds.length]);
  for (let at = step - 1; at > Math.max(0, step - 20); --at) if (withIds(at)) await take(server, at);
};

const kLive = { rich: 'SUM(holding.amount) >= 2500', active: 'DID(pay) COUNT >= 12 AND vip >= 2', mixed: 'ANY holding[product = p1] AND DID(view, channel = app)' };
const kTags = ['spend', 'lately'];
async function prepare(server) {
  await server.call('PUT', '/v1/tables/holding', { key: ['holding'], belongs_to: 'customer', columns: [{ name: 'holding', type: 'string' }, { name: 'product', type: 'string' }, { name: 'amount', type: 'int' }] });
  await take(server, 0);
  await take(server, 2);
  for (const [id, eql] of Object.entries(kLive)) await server.call('POST', '/v1/segments', { id, eql, refresh: 'live' });
  await server.call('POST', '/v1/segments', { id: 'payers', eql: 'DID(pay) COUNT >= 3' });
  for (const [id, of] of [['spend', 'DID(pay) SUM(amount)'], ['lately', 'LAST(pay).channel']]) await server.call('POST', '/v1/tags', { id, make: { kind: 'value', of } });
  await server.call('POST', '/v1/tags', { id: 'mood', owner: 'li', refresh: 'live', make: { kind: 'layers', layers: [{ value: '忙', eql: 'DID(pay) COUNT >= 8' }], otherwise: '闲' } });
  await server.call('POST', '/v1/tags/mood/steps/submit');
  const { key } = await server.call('POST', '/v1/keys', { id: 'other', rights: ['tags.approve'], days: 1 });
  const certified = await fetch(`${server.base}/v1/tags/mood/certify`, { method: 'POST', headers: { authorization: `Bearer ${key}` } });
  assert.ok(certified.ok, await certified.text());
  await server.call('POST', '/v1/tags/mood/steps/launch');
}

// Payments from a file, with the server down; `kill` is after how many milliseconds the first try ends.
async function importFile(data, n, kill) {
  const below = numbers(1_000 + n), csv = path.join(data, `${n}.csv`), mapping = path.join(data, `${n}.toml`);
  const line = () => `u${below(kPeople)},${kFirstDay + below(60) * kDay + below(kDay)},${below(500)}\n`;
  fs.writeFileSync(csv, `user,at,amount\n${Array.from({ length: 2_000 }, line).join('')}`);
  fs.writeFileSync(mapping, 'kind = "events"\n[[identity]]\nkey = "login"\ncolumn = "user"\n[event]\nname = "paid"\n[time]\ncolumn = "at"\nformat = "epoch_ms"\n[properties]\namount = "int"\n');
  const words = ['import', csv, '--mapping', mapping, '--id', `file-${n}`, '--data', data];
  if (kill !== undefined) {
    const first = waypost(words);
    await sleep(kill);
    first.child.kill('SIGKILL');
    await first.ended;
  }
  const { code, text } = await waypost(words).ended;
  assert.equal(code, 0, text);
}

// Whatever was measured by this machine's clock in this run is "then"; how many records the log has is another matter,
// as some were sent twice.
const began = Date.now();
const scrubbed = (value) => JSON.parse(JSON.stringify(value), (key, part) => {
  if (key === 'snapshot') return undefined;
  const ms = typeof part === 'string' && /^20\d\d-\d\d-\d\dT/.test(part) ? Date.parse(part) : part;
  return typeof ms === 'number' && ms >= began - 1_000 && ms <= Date.now() + 60_000 ? 'then' : part;
});

async function stateOf(server) {
  const call = (...words) => server.call(...words);
  const members = async (id) => (await call('GET', `/v1/segments/${id}/members?limit=1000`)).members.map(({ name }) => name).sort();
  const state = { people: {}, live: {}, tags: {} };
  for (const [id, eql] of Object.entries(kLive)) {
    const { count } = await call('POST', '/v1/eql/estimate', { eql });
    await eventually(`${id} has its ${count} members`, async () => (await members(id)).length === count);
    state.live[id] = await members(id);
  }
  state.payers = await members('payers');
  for (const [key, count] of [['login', kPeople], ['device', kDevices]]) {
    for (let i = 0; i < count; ++i) {
      const at = `/v1/customers/${key}/${key[0] === 'l' ? 'u' : 'd'}${i}`;
      state.people[at] = await Promise.all([at, `${at}/timeline?limit=1000`, `${at}/tables/holding?limit=1000`].map((path) => call('GET', path).catch((error) => error.message.replace(/"request_id":"[^"]*"/, ''))));
    }
  }
  for (let step = 1; step <= kSteps; ++step) {
    if (kinds[step % kinds.length] !== 'tags') continue;
    for (const tag of kTags) state.tags[`${tag} of ${dayOf(step)}`] = await call('POST', `/v1/tags/${tag}/distribution`, { day: dayOf(step) });
  }
  const busy = (await call('POST', '/v1/eql/estimate', { eql: 'DID(pay) COUNT >= 8' })).count;
  state.tags.mood = await eventually('the live tag is of now', async () => {
    const now = await call('POST', '/v1/tags/mood/distribution', {});
    return (now.values.find(({ value }) => value === '忙')?.count ?? 0) === busy && now;
  });
  state.links = await call('GET', '/v1/identity/links?limit=1000');
  state.rows = await call('GET', '/v1/tables/holding/rows?limit=1000');
  state.days = await call('POST', '/v1/query', { ask: 'trends', range: { from: '2026-03-01', to: '2026-05-01' }, measures: [{ of: 'pay', measure: 'uniques' }, { of: 'view', measure: 'count' }] });
  return scrubbed(state);
}

async function exported(data) {
  const text = {};
  for (const what of ['events', 'customers']) {
    const to = path.join(data, `${what}.jsonl`);
    const { code, text: said } = await waypost(['export', '--data', data, '--to', to, ...(what === 'customers' ? ['--customers'] : [])]).ended;
    assert.equal(code, 0, said);
    text[what] = fs.readFileSync(to, 'utf8').trim().split('\n').map((line) => JSON.stringify(scrubbed(JSON.parse(line)))).sort();
  }
  return text;
}

// The first places where two states differ; assert's own words about so much take minutes.
function* differences(actual, expected, at = '') {
  if (typeof actual !== 'object' || typeof expected !== 'object' || !actual || !expected) {
    if (actual !== expected) yield `${at}: ${JSON.stringify(actual)}, not ${JSON.stringify(expected)}`;
    return;
  }
  for (const key of new Set([...Object.keys(expected), ...Object.keys(actual)])) yield* differences(actual[key], expected[key], `${at}/${key}`);
}
const expectSame = (actual, expected, what) => assert.deepEqual([...differences(actual, expected)].slice(0, 12), [], what);

test(`${kKills} kills while customers change leave what none leaves`, async (t) => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'waypost-state-'));
  t.after(() => fs.rmSync(folder, { recursive: true, force: true }));
  const run = async (name, kills) => {
    const data = path.join(folder, name);
    let server = await startWaypost(data, kFlags);
    await prepare(server);
    const below = numbers(99);
    // Each kind of step in its turn, and somewhere while it is being taken.
    const fatal = new Set(Array.from({ length: kills }, (_, i) => kinds.length * i + (i % kinds.length) + 1));
    const took = {};
    let unanswered = 0;
    for (let step = 1; step <= kSteps; ++step) {
      if (step % Math.ceil(kSteps / 3) === 0) {
        await server.kill();
        await importFile(data, step, kills ? 20 + below(60) : undefined);
        server = await startWaypost(data, kFlags);
      }
      const kind = kinds[step % kinds.length];
      if (fatal.has(step)) {
        let answered = false;
        const taken = take(server, step).then(() => (answered = true), () => {});
        await sleep((below(100) / 100) * (took[kind] ?? 6));
        await server.kill();
        await taken;
        unanswered += !answered;
        server = await startWaypost(data, kFlags);
        await sayAgain(server, step);
        if (answered) continue;
      }
      const from = performance.now();
      await take(server, step);
      took[kind] = performance.now() - from;
    }
    const state = await stateOf(server);
    await server.kill();
    server = await startWaypost(data, kFlags);
    expectSame(await stateOf(server), state, `${name}: as it was before one more start`);
    await server.kill();
    const verified = await waypost(['store', 'verify', '--data', data]).ended;
    assert.equal(verified.code, 0, verified.text);
    return { ...state, ...(await exported(data)), unanswered };
  };
  const { unanswered: none, ...never } = await run('never', 0);
  const { unanswered, ...often } = await run('often', kKills);
  t.diagnostic(`${kSteps} steps, ${kKills} kills, ${unanswered} of them before the answer; ${never.events.length} events, ${never.rows.rows.length} rows`);
  assert.equal(none, 0);
  expectSame(often, never, 'after kills, as without');
});
