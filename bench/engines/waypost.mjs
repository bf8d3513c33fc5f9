// Waypost: loaded with `waypost import`, asked over HTTP on this machine.
import { execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { program } from '../stand.mjs';

const binary = program('src/server/waypost');
export const kToken = 'bench-token-of-this-run';
const kPort = Number(process.env.WAYPOST_BENCH_PORT ?? 18123);
const here = (file) => new URL(`../${file}`, import.meta.url);

// Each question's answer as the rows its SQL gives.
const kRows = {
  q01: ({ buckets, everyone }) => {
    const series = Object.values(everyone.measures).map((measure) => measure.buckets);
    return buckets.map(({ from }, i) => {
      const [transfers, customers, amount] = series.map((values) => values[i]);
      return [from.slice(0, 10), transfers, customers, transfers / customers, amount];
    });
  },
  q05: ({ everyone }) => [everyone.steps.map((step) => step.count)],
  q06: ({ groups }) =>
    groups.map(({ by, steps }) => [by[0], ...steps.map((step) => step.count)]).sort((a, b) => (a[0] < b[0] ? -1 : 1)),
  q07: ({ everyone }) => {
    const { p50_ms: p50, p90_ms: p90 } = everyone.times.to_convert;
    return [[...everyone.steps.map((step) => step.count), p50, p90]];
  },
  q08: ({ everyone }) => [[everyone.steps[2].count, everyone.steps[2].customers]],
  q09: ({ everyone }) =>
    everyone.cohorts.flatMap(({ cells }, day) => cells.map(({ count }, k) => [day, k, count])),
  q17: ({ count }) => [[count]],
  q19: ({ fields }) => fields.flatMap(portraitRows).sort((a, b) => (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : a[1] - b[1])),
};
const kRoutes = { q17: '/v1/eql/estimate' };  // all others: /v1/query

// attribute, value, how many of the group, of all, TGI. Ages are told by tens of years, in 2026.
function portraitRows({ customer, rows }) {
  const names = { birth_year: 'age', prov_id: 'prov' };
  return rows.map(({ value, groups: [{ count, base, tgi }] }) => {
    const first = value.from ?? (value.to === undefined ? value : value.to - (customer === 'birth_year' ? 10 : 1));
    return [names[customer] ?? customer, customer === 'birth_year' ? (2017 - first) / 10 : first, count, base, tgi ?? 0];
  });
}

// Starts `waypost serve` on a folder; ready when this returns.
export async function startServer(folder, threads, writeKey = 'bench-write-key', more = []) {
  const base = `http://127.0.0.1:${kPort}`;
  const flags = ['serve', '--data', folder, '--listen-port', kPort, '--question-threads', threads, ...more];
  const server = spawn(binary, flags.map(String), {
    env: { ...process.env, WAYPOST_API_TOKEN: kToken, WAYPOST_WRITE_KEY: writeKey }, stdio: ['ignore', 'ignore', 'inherit'],
  });
  const ended = new Promise((resolve) => server.on('exit', resolve));
  while (!(await fetch(`${base}/readyz`).then((r) => r.ok, () => false))) {
    if (server.exitCode !== null) throw new Error(`waypost serve ended with ${server.exitCode}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  const call = async (method, path, body, token) => {
    const response = await fetch(base + path, { method, body: body && JSON.stringify(body), headers: { authorization: `Bearer ${token}` } });
    const answer = await response.json();
    if (!response.ok) throw new Error(JSON.stringify(answer));
    return answer;
  };
  const post = (path, body, token = kToken) => call('POST', path, body, token);
  const ask = (question) => post('/v1/query', question, kToken);
  return {
    port: kPort,
    ask,
    post,
    get: (path) => call('GET', path, undefined, kToken),
    put: (path, body) => call('PUT', path, body, kToken),
    events: (records) => post('/v1/events', records, writeKey),
    send: (track) => post('/v1/track', { ...track, writeKey }, writeKey),
    async countOf(event) {
      const range = { from: '2025-12-01', to: '2040-01-01' };
      const answer = await ask({ ask: 'trends', range, interval: 'all', measures: [{ name: 'count', of: event }] });
      return answer.everyone.measures.count.total;
    },
    peakMemoryKb: () => Number(/VmHWM:\s+(\d+)/.exec(fs.readFileSync(`/proc/${server.pid}/status`))[1]),
    memoryKb: () => Number(/VmRSS:\s+(\d+)/.exec(fs.readFileSync(`/proc/${server.pid}/status`))[1]),
    // User and system time of the server so far.
    cpuSeconds() {
      const fields = fs.readFileSync(`/proc/${server.pid}/stat`, 'utf8').split(') ')[1].split(' ');
      return (Number(fields[11]) + Number(fields[12])) / 100;
    },
    async stop() {
      server.kill('SIGTERM');
      await ended;
    },
  };
}

// The sums of BCB section 3.5 are whole-table arithmetic that no analyst asks; here the rows and
// customers must be right, and the questions' answers prove the rest.
async function sums(server) {
  const answer = await server.ask({
    ask: 'trends', range: { from: '2025-12-01', to: '2026-06-01' }, interval: 'all', zone: 'Asia/Shanghai',
    measures: [{ name: 'rows', of: '*' }, { name: 'users', of: '*', measure: 'uniques' }],
  });
  return Object.values(answer.everyone.measures).map((measure) => measure.total);
}

// The sum of the numbers of those whom the rule finds: by a segment, which says who they are.
async function sumOfMembers(server, rule) {
  const id = 'benchmark_rule';
  const made = (await server.get('/v1/segments')).items.some((segment) => segment.id === id);
  if (!made) await server.post('/v1/segments', { id, name_zh: id, name_en: id, owner: 'bench', ...rule });
  await server.post(`/v1/segments/${id}/run`);
  const { members } = await server.get(`/v1/segments/${id}/members?limit=10000`);
  return members.reduce((sum, { name }) => sum + Number(name.slice(name.indexOf(':') + 1)), 0);
}

// Question 18, whose hundred million customers are of no events: the operators that a server runs, in a process of their own.
async function startTags(customers, threads) {
  const tags = spawn(program('bench/tag_times'), [customers, threads, '--ask'].map(String), { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: tags.stdout })[Symbol.asyncIterator]();
  const next = async () => {
    const { value, done } = await lines.next();
    if (done) throw new Error('tag_times ended');
    return value;
  };
  await next();  // "ready"
  return {
    async ask(question) {
      tags.stdin.write(`${question}\n`);
      return [JSON.parse(await next())];
    },
    close: () => tags.stdin.end(),
  };
}

export async function open(folder, threads) {
  let tags = null;
  let server = fs.existsSync(folder) ? await startServer(folder, threads) : null;
  const body = (question) => JSON.parse(fs.readFileSync(here(`questions/${question}.json`)));
  const run = (...command) => execFileSync(binary, [...command, '--data', folder], { stdio: ['ignore', 'ignore', 'inherit'] });
  return {
    version: () => execFileSync(binary, ['--version'], { encoding: 'utf8' }).trim(),
    async load(csvFolder) {
      run('import', '--mapping', here('events.toml').pathname, csvFolder);
      for (const table of ['product', 'holding']) run('table', 'declare', table, here(`../examples/tables/bcb/${table}.json`).pathname);
      for (const kind of ['users', 'products', 'holdings'])
        run('import', '--mapping', here(`tables/${kind}.toml`).pathname, path.join(csvFolder, kind));
      server = await startServer(folder, threads);
    },
    async prepare(question, customers) {
      if (question.startsWith('q18')) tags ??= await startTags(customers, threads);
    },
    async ask(question) {
      if (question.startsWith('q18')) return tags.ask(question);
      if (question === 'sums') return [await sums(server)];
      return kRows[question](await server.post(kRoutes[question] ?? '/v1/query', body(question)));
    },
    // The answer to compare, with what is no part of the question's time.
    async prove(question) {
      const rows = await this.ask(question);
      return question === 'q17' ? [[...rows[0], await sumOfMembers(server, body(question))]] : rows;
    },
    peakMemoryKb: () => server.peakMemoryKb(),
    async close() {
      tags?.close();
      await server?.stop();
    },
  };
}
