// Tags over purchases as shops publish them, against what their publishers say and against RFM counted
// here from the file. WAYPOST_SHARED says where the files are; without them the tests are skipped.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { kBuild, kRoot } from '../e2e/harness.mjs';

const shared = process.env.WAYPOST_SHARED ?? path.join(path.dirname(kRoot), 'shared');
const folder = path.join(shared, 'data');
const skip = fs.existsSync(folder) ? false : `no published files in ${folder}`;

// A project with one file in it, and tags as commands.
class Shop {
  constructor(t, file, mapping) {
    this.data = fs.mkdtempSync(path.join(os.tmpdir(), 'waypost-tags-'));
    t.after(() => fs.rmSync(this.data, { recursive: true }));
    this.waypost('import', '--mapping', path.join(kRoot, `tests/e2e/mappings/${mapping}.toml`), path.join(folder, file));
  }

  waypost(...args) {
    return execFileSync(path.join(kBuild, 'src/server/waypost'), [...args, '--data', this.data],
      { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'], maxBuffer: 1 << 26 });
  }

  tag(words, body) {
    const file = path.join(this.data, 'body.json');
    fs.writeFileSync(file, JSON.stringify(body));
    return JSON.parse(this.waypost('tag', ...words, file));
  }

  make(id, make, day) {
    this.tag(['create'], { id, make });
    return this.tag(['run', id], { day });
  }
}

const kDay = 86_400_000;
const dayOf = (text) => Date.UTC(+text.slice(0, 4), +text.slice(4, 6) - 1, +text.slice(6, 8)) / kDay;
const linesOf = (file) => fs.readFileSync(path.join(folder, file), 'utf8').split(/\r?\n/).filter((line) => line.trim());

test('CDNOW gives its published repeats, recency and age, and RFM as counted by hand', { skip }, (t) => {
  const end = dayOf('19970930');
  const shop = new Shop(t, 'cdnow/CDNOW_master.txt', 'cdnow');
  shop.make('days', { kind: 'value', of: 'DID(purchase) DAYS' }, '1997-09-30');
  shop.make('first', { kind: 'value', of: 'DID(purchase) FIRST TIME' }, '1997-09-30');
  shop.make('last', { kind: 'value', of: 'DID(purchase) LAST TIME' }, '1997-09-30');
  shop.make('cell', { kind: 'rfm', events: 'DID(purchase)', count: 'days', sum: 'dollars',
    recency: { edges: [60, 180] }, frequency: { mean: true }, monetary: { top_percent: [20] }, result: 'scores' }, '1997-09-30');

  const master = linesOf('cdnow/CDNOW_sample.txt').map((line) => line.trim().split(/\s+/));
  const ids = new Map(master.map(([of_master, of_sample]) => [of_sample, of_master]));
  const published = linesOf('cdnow/cdnow_customers_summary_with_transactions.csv').slice(1).map((line) => line.split(','));
  assert.equal(published.length, 2357);
  const weeks = (days) => (days / 7).toFixed(2);
  for (let from = 0; from < published.length; from += 1000) {
    const some = published.slice(from, from + 1000);
    const values = some.map(([id]) => ids.get(id.padStart(4, '0')));
    const { items } = shop.tag(['lookup'], { key: 'customer', values, tags: ['days', 'first', 'last'] });
    items.forEach((item, i) => {
      const [id, x, tx, age] = some[i];
      const { days, first, last } = item.tags;
      const begin = Date.parse(first) / kDay;
      assert.deepEqual([days - 1, weeks(Date.parse(last) / kDay - begin), weeks(end - begin)],
        [+x, (+tx).toFixed(2), (+age).toFixed(2)], `customer ${id}`);
    });
  }

  // The same scores, from the whole file, by the definitions.
  const customers = new Map();
  for (const line of linesOf('cdnow/CDNOW_master.txt').slice(1)) {
    const [id, date, , dollars] = line.trim().split(/\s+/);
    if (dayOf(date) > end) continue;
    const one = customers.get(id) ?? { days: new Set(), cents: 0 };
    one.days.add(dayOf(date));
    one.cents += Math.round(dollars * 100);
    customers.set(id, one);
  }
  const all = [...customers.values()];
  assert.equal(all.length, 23_570);
  const mean = all.reduce((sum, one) => sum + one.days.size, 0) / all.length;
  const spent = all.map((one) => one.cents).sort((a, b) => b - a);
  const least = spent[Math.ceil(all.length * 0.2) - 1];
  const counts = {};
  for (const { days, cents } of all) {
    const since = end - Math.max(...days);
    const score = `${since <= 60 ? 3 : since <= 180 ? 2 : 1}${days.size >= mean ? 2 : 1}${cents >= least ? 2 : 1}`;
    counts[score] = (counts[score] ?? 0) + 1;
  }
  const { values } = shop.tag(['distribution', 'cell'], {});
  assert.deepEqual(Object.fromEntries(values.map(({ value, count }) => [value, count])), counts);
});

test('Online Retail gives its published first cohort', { skip }, (t) => {
  const shop = new Shop(t, 'online_retail/online_retail.csv.gz', 'online_retail');
  const run = shop.make('december', { kind: 'rule', eql: "DID(order_line) BETWEEN '2010-12-01' AND '2010-12-31'" }, '2011-12-31');
  const counts = Object.fromEntries(run.values.map(({ value, count }) => [value, count]));
  assert.equal(run.customers, 4372);
  assert.equal(counts.true, 948);
  const stayed = shop.make('stayed', { kind: 'rule', eql: "DID(order_line) BETWEEN '2010-12-01' AND '2010-12-31' " +
    "AND DID(order_line) BETWEEN '2011-01-01' AND '2011-01-31'" }, '2011-12-31');
  assert.equal(stayed.values.find(({ value }) => value === 'true').count, 362);
});
