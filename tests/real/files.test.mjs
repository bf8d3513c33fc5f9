// Files as banks and shops publish them, with the mappings of mappings/: everything in them is loaded,
// counted against the files themselves, read here line by line, and against what their publishers say.
// WAYPOST_SHARED says where the files are; without them the tests are skipped.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import zlib from 'node:zlib';
import { kBuild, kRoot } from '../e2e/harness.mjs';

const shared = process.env.WAYPOST_SHARED ?? path.join(path.dirname(kRoot), 'shared');
const folder = path.join(shared, 'data');
const skip = fs.existsSync(folder) ? false : `no published files in ${folder}`;

function rowsOf(file) {
  const bytes = fs.readFileSync(path.join(folder, file));
  const text = (file.endsWith('.gz') ? zlib.gunzipSync(bytes) : bytes).toString('utf8');
  return text.split('\n').slice(1).filter((line) => line.trim());
}

const last = (rows, separator) => rows.map((row) => row.trim().split(separator).at(-1).replaceAll('"', ''));
const distinct = (values) => new Set(values).size;

// `rejected`: rows that hold no customer. `customers`: how many there are in the rest. `events`: how
// many by name. `who`: how many customers have an attribute.
const kSets = [
  { file: 'bank_marketing/bank-full.csv', mapping: 'bank_marketing', published: 45_211, who: { subscribed: 5_289 },
    customers: (rows) => rows.length, yes: (rows) => last(rows, ',').filter((y) => y === 'yes').length },
  { file: 'bank_marketing/bank-additional-full.csv.gz', mapping: 'bank_additional', published: 41_188, who: { subscribed: 4_640 },
    customers: (rows) => rows.length, yes: (rows) => last(rows, ';').filter((y) => y === 'yes').length },
  { file: 'hillstrom/hillstrom.csv', mapping: 'hillstrom', published: 64_000, who: { conversion: 578 },
    customers: (rows) => rows.length, yes: (rows) => rows.filter((row) => row.split(',').at(-2) === '1').length },
  { file: 'berka/ecac_subset/trans_test.csv', mapping: 'berka_transactions', published: 30_200,
    customers: (rows) => distinct(rows.map((row) => row.split(';')[1])) },
  { file: 'berka/loan.asc', mapping: 'berka_loans', published: 682, customers: (rows) => distinct(rows.map((row) => row.split(';')[1])) },
  { file: 'berka/card.asc', mapping: 'berka_cards', published: 892, customers: (rows) => distinct(rows.map((row) => row.split(';')[1])) },
  { file: 'bpi2012/bpi2012_events.csv.gz', mapping: 'bpi2012', published: 262_200, customers: () => 13_087 },
  { file: 'cdnow/CDNOW_master.txt', mapping: 'cdnow', published: 69_659, customers: () => 23_570 },
  { file: 'online_retail/online_retail.csv.gz', mapping: 'online_retail', published: 541_909,
    rejected: (rows) => rows.filter((row) => /,,[^,]*$/.test(row)).length,
    customers: (rows) => distinct(rows.map((row) => row.split(',').at(-2)).filter(Boolean)) },
];

const waypost = (...args) => execFileSync(path.join(kBuild, 'src/server/waypost'), args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });

for (const { file, mapping, published, rejected = () => 0, customers, who, yes } of kSets) {
  test(`${file} is loaded whole`, { skip }, (t) => {
    const data = fs.mkdtempSync(path.join(os.tmpdir(), 'waypost-files-'));
    t.after(() => fs.rmSync(data, { recursive: true }));
    const rows = rowsOf(file);
    assert.equal(rows.length, published, 'the file has the rows its publisher says');
    const lost = rejected(rows);
    const load = (...flags) => waypost('import', '--data', data, '--mapping', path.join(kRoot, `tests/e2e/mappings/${mapping}.toml`),
      ...flags, path.join(folder, file));
    const report = `${published} rows in 1 files: ${published - lost} loaded, ${lost} rejected`;
    assert.equal(load('--dry-run').split('\n')[0], report);
    assert.equal(load().split('\n')[0], report);
    load();  // again: nothing twice

    const kept = path.join(data, 'customers.csv');
    waypost('export', '--data', data, '--customers', '--to', kept, ...Object.keys(who ?? {}).flatMap((name) => ['--property', name]));
    const [, ...lines] = fs.readFileSync(kept, 'utf8').trim().split('\n');
    assert.equal(lines.length, customers(rows));
    for (const [name, count] of Object.entries(who ?? {})) {
      assert.equal(lines.filter((line) => line.endsWith(',true')).length, count, name);
      assert.equal(yes(rows), count);
    }
    if (who) return;
    const events = path.join(data, 'events.csv');
    waypost('export', '--data', data, '--to', events, '--property', '$source');
    const text = fs.readFileSync(events, 'utf8');
    assert.equal(text.trim().split('\n').length - 1, published - lost);
  });
}
