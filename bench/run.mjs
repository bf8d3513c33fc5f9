// The bank benchmark: makes the data, loads every engine through its public way in, times the questions
// in turn, compares the answers row by row and prints who is how fast. See README.md.
//   node bench/run.mjs [--scale 1] [--engines waypost,clickhouse,duckdb] [--questions q01,q05]
//                      [--repetitions 5] [--threads N] [--folder .dev/bench] [--build build/release]
import { execFileSync, fork } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { asRows, difference } from './answers.mjs';
import { here, program, readOptions } from './stand.mjs';

const root = path.dirname(here);
const kUsersAtScaleOne = 2_000_000;
const kTaggedAtScaleOne = 100_000_000;  // the customers of question 18
const kDayAtScaleOne = 20_000_000;  // and of a vendor's day
// BCB section 3.5: rows, users, event_ms mod 1e9+7, event_id, amount, product_id, session_id mod 1e9+7, duration.
const kPublishedSums = {
  0.01: '1068238|19177|711594092|15057285|32339165354|34080261|294301062|25612772793',
  1: '107663148|1919441|824172626|1508239116|3305156819319|3384607721|976957252|2591748710481',
};

const options = readOptions({
  scale: '1', engines: 'waypost,clickhouse,duckdb', questions: 'q01,q05,q06,q07,q08,q09,q17,q18a,q18b,q18c,q19', repetitions: '5',
  threads: String(os.availableParallelism()),
});
const scale = Number(options.scale);
const engines = options.engines.split(',');
const questions = options.questions.split(',');
const folder = path.resolve(options.folder, `sf${scale}`);

// Makes the events once; returns their sums, checked where the specification publishes them.
function generate() {
  const csv = path.join(folder, 'csv');
  const done = path.join(folder, 'sums.json');
  if (!fs.existsSync(done)) {
    console.log(`Generating BCB at scale ${scale} in ${csv}`);
    fs.mkdirSync(csv, { recursive: true });
    const users = String(Math.round(kUsersAtScaleOne * scale));
    const files = String(Math.max(4, Math.round(16 * scale)));
    fs.writeFileSync(done, execFileSync(program('bench/bcb_generate'), [users, csv, files]));
  }
  const sums = asRows([Object.values(JSON.parse(fs.readFileSync(done)))])[0];
  const published = kPublishedSums[scale];
  if (published && sums !== published) throw new Error(`the generated events are wrong: ${sums}, not ${published}`);
  console.log(published ? 'Events have the published sums' : `No sums are published for scale ${scale}`);
  return { csv, sums };
}

function measure(job) {
  return new Promise((resolve, reject) => {
    const child = fork(path.join(here, 'measure.mjs'));
    child.on('message', ({ report, error }) => (error ? reject(new Error(`${job.engine}: ${error}`)) : resolve(report)));
    child.on('exit', (code, signal) => code !== 0 && reject(new Error(`${job.engine} ended with ${signal ?? code}`)));
    child.send(job);
  });
}

// The specification's answers where they are at hand; else ClickHouse's.
function expectedAnswers(reports) {
  const shared = process.env.WAYPOST_SHARED ?? path.join(path.dirname(root), 'shared');
  const file = path.join(shared, 'bench', `answers_sf${scale}.json`);
  if (fs.existsSync(file)) return { source: file, questions: JSON.parse(fs.readFileSync(file)) };
  const peer = Object.keys(reports).find((name) => name !== 'waypost');
  return peer ? { source: `${peer} in this run`, questions: reports[peer].questions } : { questions: {} };
}

function checkAnswers(reports) {
  const expected = expectedAnswers(reports);
  let wrong = 0;
  for (const [engine, report] of Object.entries(reports)) {
    for (const question of questions) {
      const want = expected.questions[question];
      const problem = want && difference(report.questions[question].rows, want.rows);
      if (problem) {
        console.log(`WRONG ${engine} ${question}: ${problem}`);
        report.questions[question].wrong = problem;
        wrong++;
      }
    }
  }
  console.log(wrong ? `${wrong} wrong answers` : `All answers agree with ${expected.source ?? 'nothing: no peer was run'}`);
  return wrong;
}

// A vendor's day: 10,000 segments over tags of 20 million customers, each counted, kept, read back and compared.
function vendorsDay() {
  const out = execFileSync(program('bench/tag_times'), [kDayAtScaleOne * scale, options.threads, 10_000, path.join(folder, 'day')].map(String), { encoding: 'utf8' });
  return out.split('\n').find((line) => line.startsWith('day: '));
}

const geometricMean = (numbers) => Math.exp(numbers.reduce((sum, x) => sum + Math.log(x), 0) / numbers.length);

// Medians in ms, and how many times faster Waypost is than each peer.
function table(reports) {
  const peers = engines.filter((name) => name !== 'waypost');
  const ratio = (peer, q) => reports[peer].questions[q].median / reports.waypost.questions[q].median;
  const compared = reports.waypost ? peers : [];
  const header = ['', ...engines.map((e) => `${e} ms`), ...compared.map((p) => `${p} / waypost`)];
  const lines = questions.map((q) => [q, ...engines.map((e) => reports[e].questions[q].median.toFixed(1)),
    ...compared.map((p) => ratio(p, q).toFixed(1))]);
  lines.push(['geometric mean', ...engines.map((e) => geometricMean(questions.map((q) => reports[e].questions[q].median)).toFixed(1)),
    ...compared.map((p) => geometricMean(questions.map((q) => ratio(p, q))).toFixed(1))]);
  const show = (name, value) => lines.push([name, ...engines.map((e) => value(reports[e])), ...compared.map(() => '')]);
  show('load s', (r) => r.load_s.toFixed(1));
  show('bytes an event', (r) => (r.disk_bytes / r.rows).toFixed(1));
  show('peak memory MB', (r) => String(r.peak_memory_mb));
  const row = (cells) => `| ${cells.join(' | ')} |`;
  return [row(header), row(header.map((_, i) => (i ? '---:' : '---'))), ...lines.map(row)].join('\n');
}

function writeResults(reports, text) {
  const results = path.join(here, 'results');
  fs.mkdirSync(results, { recursive: true });
  const name = path.join(results, `sf${scale}-${new Date().toISOString().replace(/[:.]/g, '-')}`);
  const machine = { cpu: os.cpus()[0].model, threads: Number(options.threads), memory_gb: Math.round(os.totalmem() / 2 ** 30) };
  const kept = Object.fromEntries(Object.entries(reports).map(([engine, { questions: asked, ...report }]) => [engine,
    { ...report, questions: Object.fromEntries(Object.entries(asked).map(([q, { rows, ...times }]) => [q, times])) }]));
  fs.writeFileSync(`${name}.json`, JSON.stringify({ scale, machine, repetitions: Number(options.repetitions), engines: kept }, null, 1));
  const versions = engines.map((engine) => `${engine} ${reports[engine].version}`).join(', ');
  const settings = `${machine.threads} threads of ${machine.cpu}, ${machine.memory_gb} GB; medians of ${options.repetitions} runs after the first`;
  fs.writeFileSync(`${name}.md`, `BCB at scale ${scale}: ${versions}; ${settings}\n\n${text}\n`);
  console.log(`Written to ${path.relative(root, name)}.{json,md}`);
}

const { csv, sums } = generate();
const reports = {};
for (const engine of engines) {
  console.log(`Running ${engine}`);
  const job = { engine, folder: path.join(folder, engine), csv, questions, sums, tagged: Math.round(kTaggedAtScaleOne * scale), repetitions: Number(options.repetitions), threads: Number(options.threads) };
  reports[engine] = { rows: Number(sums.split('|')[0]), ...(await measure(job)) };
}
const wrong = checkAnswers(reports);
const day = engines.includes('waypost') && questions.some((question) => question.startsWith('q18')) ? `\n\n${vendorsDay()}` : '';
const text = table(reports) + day;
console.log(text);
writeResults(reports, text);
process.exit(wrong ? 1 : 0);
