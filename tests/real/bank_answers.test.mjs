// The bank benchmark's questions at its smallest scale, against the published answers. WAYPOST_SHARED says
// where those are; without them the test is skipped.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { asRows, difference } from '../../bench/answers.mjs';
import { kBuild, kRoot } from '../e2e/harness.mjs';

const shared = process.env.WAYPOST_SHARED ?? path.join(path.dirname(kRoot), 'shared');
const published = path.join(shared, 'bench/answers_sf0.01.json');
const skip = fs.existsSync(published) ? false : `no published answers in ${published}`;

test('a million events give the published answers', { skip }, async (t) => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'waypost-bcb-'));
  const csv = path.join(folder, 'csv');
  fs.mkdirSync(csv);
  execFileSync(path.join(kBuild, 'bench/bcb_generate'), ['20000', csv, '4']);

  process.env.WAYPOST_BUILD = kBuild;
  const { open } = await import('../../bench/engines/waypost.mjs');
  const engine = await open(path.join(folder, 'data'), 2);
  t.after(async () => {
    await engine.close();
    fs.rmSync(folder, { recursive: true });
  });
  await engine.load(csv);
  const answers = JSON.parse(fs.readFileSync(published));
  for (const file of fs.readdirSync(path.join(kRoot, 'bench/questions'))) {
    const question = path.basename(file, '.json');
    await t.test(question, async () => {
      assert.equal(difference(asRows(await engine.prove(question)), answers[question].rows), null);
    });
  }
});
