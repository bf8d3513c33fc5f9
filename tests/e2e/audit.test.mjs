// An auditor checks the whole chain in the console, and is told the first bad record of a log that somebody
// changed under a server that runs.
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { signedIn } from './console.mjs';
import { eventually, launchBrowser, startWaypost } from './harness.mjs';

const kRecords = 12;
const witness = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'waypost-witness-')), 'heads');

let server, browser, file, good;
before(async () => {
  browser = await launchBrowser();
  server = await startWaypost(undefined, ['--audit-witness', witness]);
  await server.addUser('li', '李', ['auditor']);
  while ((await server.call('GET', '/v1/audit')).head.seq < kRecords) await server.call('PUT', '/v1/organisations/east', { name_zh: '东' });
  file = path.join(server.data, 'audit', '000000000001.jsonl');
  good = fs.readFileSync(file, 'utf8');
});
after(async () => {
  fs.writeFileSync(file, good);
  await browser.close();
  await server.stop();
  fs.rmSync(path.dirname(witness), { recursive: true });
});

// What is found while the log reads so.
async function verified(text) {
  fs.writeFileSync(file, text);
  await server.call('POST', '/v1/audit/verify');
  const check = await eventually('it is checked', async () => {
    const found = await server.call('GET', '/v1/audit/verify');
    return found.state !== 'running' && found;
  });
  fs.writeFileSync(file, good);
  return check;
}

// The log as somebody would write it anew who knows how: a chain of its own.
function written(records) {
  let previous = '';
  return records.map((record, i) => {
    const { hash: _, previous: _before, seq: _seq, ...rest } = record;
    const body = JSON.stringify({ seq: i + 1, previous, ...rest }).slice(0, -1);
    previous = crypto.createHash('sha256').update(body).digest('hex');
    return `${body},"hash":"${previous}"}\n`;
  }).join('');
}
const lines = () => good.split('\n').slice(0, -1);
const without = (...dropped) => lines().filter((_, i) => !dropped.includes(i)).map((line) => `${line}\n`).join('');
const anew = () => written(lines().map((line, i) => ({ ...JSON.parse(line), ...(i === 4 ? { who: 'somebody' } : {}) })));

test('all records hold', async () => {
  const check = await verified(good);
  assert.deepEqual([check.state, check.checked, check.of, check.witnessed], ['holds', kRecords, kRecords, 0]);
  assert.ok(check.ended_ms >= check.started_ms);
});

const kTamperings = {
  'one was edited': [() => good.replace('"seq":3,', '"seq":3 ,'), 3, /edited/],
  'one is missing': [() => without(5), 6, /record 6 should be here/],
  'two are swapped': [() => { const all = lines(); [all[7], all[8]] = [all[8], all[7]]; return `${all.join('\n')}\n`; }, 8, /record 8 should be here/],
  'the tail is cut': [() => without(10, 11), 11, /record 12 was written but the log ends at 10/],
  'all was written anew': [anew, 12, /record 12 is not the one that was written/],
};
for (const [what, [tampered, record, fault]] of Object.entries(kTamperings)) {
  test(`the first bad record is named: ${what}`, async () => {
    const check = await verified(tampered());
    assert.deepEqual([check.state, check.record, check.checked], ['broken', record, record - 1]);
    assert.match(check.fault, fault);
  });
}

test('only whoever may see the audit log verifies it', async () => {
  const { key } = await server.call('POST', '/v1/keys', { id: 'tool', rights: ['plan.view'], days: 1 });
  const answer = await fetch(`${server.base}/v1/audit/verify`, { method: 'POST', headers: { authorization: `Bearer ${key}` } });
  assert.equal(answer.status, 403);
});

for (const [locale, button, holds, broken] of [['zh-CN', '核验整条链', /全部 [\d,]+ 条记录首尾相连/, '第 3 条记录有问题'], ['en-US', 'Verify the chain', /All [\d,]+ records follow each other/, 'Record 3 is bad']]) {
  test(`an auditor presses the button: ${locale}`, async (t) => {
    const page = await signedIn(t, browser, server, { locale });
    good = fs.readFileSync(file, 'utf8'); // signing in is on record
    await page.turn('/settings/audit');
    await page.getByRole('button', { name: button }).click();
    await page.getByText(holds).waitFor();
    fs.writeFileSync(file, good.replace('"seq":3,', '"seq":3 ,'));
    await page.getByRole('button', { name: button }).click();
    await page.getByText(broken).waitFor();
    assert.deepEqual(page.complaints, []);
    fs.writeFileSync(file, good);
  });
}
