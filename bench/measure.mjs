// One engine in a process of its own, so that engines neither share memory nor warm each other's caches.
// Started by run.mjs with a job; sends back what it measured.
import fs from 'node:fs';
import path from 'node:path';
import { asRows } from './answers.mjs';
import { folderBytes } from './stand.mjs';

const rounded = (ms) => Number(ms.toFixed(2));

async function time(engine, question, repetitions, tagged) {
  await engine.prepare?.(question, tagged);
  const times = [];
  let answer;
  for (let i = 0; i <= repetitions; i++) {
    const begin = performance.now();
    answer = await engine.ask(question);
    times.push(performance.now() - begin);
  }
  if (engine.prove) answer = await engine.prove(question);
  const [first, ...further] = times;
  further.sort((a, b) => a - b);
  const median = further[Math.floor((further.length - 1) / 2)];
  return { first: rounded(first), best: rounded(further[0]), median: rounded(median), rows: asRows(answer) };
}

async function measure({ engine: name, folder, csv, questions, repetitions, threads, sums, tagged }) {
  const { open } = await import(`./engines/${name}.mjs`);
  const loaded = path.join(path.dirname(folder), `${name}.loaded.json`);
  if (!fs.existsSync(loaded)) fs.rmSync(folder, { recursive: true, force: true });
  const engine = await open(folder, threads);
  if (!fs.existsSync(loaded)) {
    const begin = performance.now();
    await engine.load(csv);
    fs.writeFileSync(loaded, JSON.stringify({ load_s: rounded((performance.now() - begin) / 1000) }));
  }
  const report = { version: await engine.version(), ...JSON.parse(fs.readFileSync(loaded)), questions: {} };
  // An engine may give only the first of the sums.
  const got = asRows(await engine.ask('sums'))[0];
  if (!`${sums}|`.startsWith(`${got}|`)) throw new Error(`${name} holds other events than were generated: ${got}, not ${sums}`);
  for (const question of questions) report.questions[question] = await time(engine, question, repetitions, tagged);
  report.peak_memory_mb = Math.round((engine.peakMemoryKb?.() ?? process.resourceUsage().maxRSS) / 1024);
  await engine.close();
  report.disk_bytes = folderBytes(folder);
  return report;
}

process.on('message', (job) => {
  measure(job).then(
    (report) => process.send({ report }, () => process.exit(0)),
    (error) => process.send({ error: error.message }, () => process.exit(1)),
  );
});
