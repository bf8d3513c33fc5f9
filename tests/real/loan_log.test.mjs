// A bank's log of 13,087 loan applications (BPI Challenge 2012), imported with a mapping and asked for
// its funnel. What it must be is counted here from the file itself. The log is not part of this
// repository: without the folder of shared data the test is skipped.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import zlib from 'node:zlib';
import { kBuild, kRoot } from '../e2e/harness.mjs';

const shared = process.env.WAYPOST_SHARED ?? path.join(path.dirname(kRoot), 'shared');
const log = path.join(shared, 'data/bpi2012/bpi2012_events.csv.gz');
const kSteps = ['A_SUBMITTED', 'A_PREACCEPTED', 'A_ACCEPTED', 'A_FINALIZED', 'A_APPROVED'];

const kMapping = `
kind = "events"
[[identity]]
key = "application"
column = "case"
[event]
column = "event"
[time]
column = "time"
format = "iso"
[properties]
amount_requested = "int"
lifecycle = "string"
resource = "string"
`;

// The file's columns hold no quotes and no commas of their own.
function readCases() {
  const [head, ...lines] = zlib.gunzipSync(fs.readFileSync(log)).toString().trim().split(/\r?\n/);
  const columns = head.split(',');
  const cases = new Map();
  for (const line of lines) {
    const cells = line.split(',');
    const row = Object.fromEntries(columns.map((name, i) => [name, cells[i]]));
    if (!cases.has(row.case)) cases.set(row.case, []);
    cases.get(row.case).push({ event: row.event, ms: Date.parse(row.time), amount: Number(row.amount_requested) });
  }
  return { cases, rows: lines.length };
}

// How far a case came; events of one moment in the order of the steps.
function stepsOf(events) {
  const order = (event) => (kSteps.indexOf(event) + 1 || 99);
  const sorted = events.toSorted((a, b) => a.ms - b.ms || order(a.event) - order(b.event));
  let reached = 0;
  for (const { event } of sorted) if (event === kSteps[reached]) ++reached;
  return reached;
}

test('the loan log gives its published funnel', { skip: !fs.existsSync(log) && 'no loan log: set WAYPOST_SHARED' }, () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'waypost-loans-'));
  try {
    const waypost = (args, input) =>
      execFileSync(path.join(kBuild, 'src/server/waypost'), [...args, '--data', path.join(folder, 'data')],
        { input, encoding: 'utf8', stdio: ['pipe', 'pipe', 'ignore'], maxBuffer: 64 << 20 });
    const mapping = path.join(folder, 'mapping.toml');
    fs.writeFileSync(mapping, kMapping);
    waypost(['import', '--mapping', mapping, log]);
    const ask = (question) => JSON.parse(waypost(['query', '-'], JSON.stringify(question)));
    const { cases, rows } = readCases();
    assert.equal(cases.size, 13_087);

    const range = { from: '2011-01-01', to: '2013-01-01' };
    const all = ask({ ask: 'trends', range, interval: 'all', measures: [{ name: 'events', of: '*' }] });
    assert.equal(all.everyone.measures.events.total, rows);

    const funnel = ask({ ask: 'funnel', range, window: '400d', steps: kSteps, times: true });
    const reached = [...cases.values()].map(stepsOf);
    const expected = kSteps.map((_, k) => reached.filter((r) => r > k).length);
    assert.deepEqual(funnel.everyone.steps.map((s) => s.count), expected);
    assert.deepEqual(expected, [13_087, 7_367, 5_113, 5_015, 2_246]);

    for (const end of ['A_DECLINED', 'A_CANCELLED']) {
      const counted = ask({ ask: 'trends', range, interval: 'all', measures: [{ name: 'n', of: end, measure: 'uniques' }] });
      assert.equal(counted.everyone.measures.n.total, [...cases.values()].filter((c) => c.some((e) => e.event === end)).length);
    }

    const large = ask({
      ask: 'funnel', range, window: '400d',
      steps: [{ event: 'A_SUBMITTED', where: { property: 'amount_requested', op: '>=', value: 20_000 } }, ...kSteps.slice(1)],
    });
    const reachedLarge = [...cases.values()].filter((c) => c[0].amount >= 20_000).map(stepsOf);
    assert.deepEqual(large.everyone.steps.map((s) => s.count), kSteps.map((_, k) => reachedLarge.filter((r) => r > k).length));
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
});
