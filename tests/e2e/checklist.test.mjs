// What SECURITY.md's checklist says of the running server, where a machine can look: every route's headers,
// what is in logs and files after secrets came by, who may read them, what the program is built and linked as.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { eventually, kApiToken, kBuild, kPassword, kRoot, kWriteKey, startWaypost } from './harness.mjs';

let server;
before(async () => { server = await startWaypost(); });
after(() => server.stop());

const everyFile = (folder) => fs.readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath ?? entry.path, entry.name));

test('every route answers with the headers that keep browsers from running, framing, guessing or keeping it', async () => {
  const { paths } = await server.call('GET', '/v1/openapi.json');
  let asked = 0;
  for (const [address, methods] of Object.entries(paths)) {
    for (const method of Object.keys(methods)) {
      const response = await fetch(server.base + address.replace(/{\w+(\.\.\.)?}/g, 'x'), { method: method.toUpperCase(), redirect: 'manual' });
      await response.arrayBuffer();
      const what = `${method} ${address} ${response.status}`;
      const header = (name) => response.headers.get(name) ?? '';
      assert.equal(header('x-content-type-options'), 'nosniff', what);
      assert.equal(header('referrer-policy'), 'no-referrer', what);
      assert.equal(header('cross-origin-opener-policy'), 'same-origin', what);
      assert.match(header('content-security-policy'), /default-src 'none'/, what);
      assert.match(header('content-security-policy'), /frame-ancestors 'none'/, what);
      assert.doesNotMatch(header('content-security-policy'), /unsafe/, what);
      if (address.startsWith('/v1/')) assert.equal(header('cache-control'), 'no-store', what);
      assert.deepEqual([header('server'), header('x-powered-by')], ['', ''], what);
      assert.ok(response.status < 500, what);
      asked += 1;
    }
  }
  assert.ok(asked > 100, `${asked}`);
});

test('what people must not read later is in no log, no audit record and no metric', async () => {
  const kCanaries = { phone: '13987654321', card: '6217001234567890123', password: 'canary green horses', totp: '918273', cookie: 'c0ffee'.repeat(10) };
  const { password } = await server.call('POST', '/v1/users', { name: 'bird', title: 'bird' });
  const page = { origin: server.base, 'x-waypost': 'console', cookie: `waypost=${kCanaries.cookie}` };
  for (const given of [kCanaries.password, password]) {
    await fetch(`${server.base}/v1/session`, { method: 'POST', headers: page, body: JSON.stringify({ name: 'bird', password: given, code: kCanaries.totp }) });
  }
  // A password in the field for the name, and one that is refused.
  await fetch(`${server.base}/v1/session`, { method: 'POST', headers: page, body: JSON.stringify({ name: kCanaries.password, password: 'x' }) });
  const event = { event: 'pay', distinct_id: 'u1', properties: { phone: kCanaries.phone, note: `card ${kCanaries.card}`, amount: 'not a number' } };
  await fetch(`${server.base}/v1/events`, { method: 'POST', headers: { authorization: `Basic ${btoa(`${kWriteKey}:`)}` }, body: JSON.stringify([event]) });
  await fetch(`${server.base}/v1/customers/phone/${kCanaries.phone}`, { headers: { authorization: `Bearer ${kApiToken}` } });
  await eventually('they are there', async () => (await server.call('GET', '/v1/events/recent?limit=1')).items.length === 1);
  const audit = everyFile(server.data).filter((file) => /audit/.test(file) && !/key/.test(path.basename(file)));
  assert.ok(audit.length > 0);
  const read = { log: server.log(), metrics: await (await fetch(`${server.base}/metrics`, { headers: { authorization: `Bearer ${kApiToken}` } })).text() };
  for (const file of audit) read[file] = fs.readFileSync(file, 'latin1');
  const secrets = { ...kCanaries, first: password, token: kApiToken, key: kWriteKey };
  for (const [where, text] of Object.entries(read)) {
    for (const [what, secret] of Object.entries(secrets)) assert.ok(!text.includes(secret), `the ${what} is in ${where}`);
  }
  // C3 stays out of all files; secrets that have to be kept are kept as something else.
  for (const file of everyFile(server.data)) {
    const text = fs.readFileSync(file, 'latin1');
    for (const secret of [kCanaries.password, password, kPassword, kApiToken]) assert.ok(!text.includes(secret), file);
  }
});

test('files are their owner’s, secrets are not on the command line, and it listens on this machine alone', () => {
  assert.equal(fs.statSync(server.data).mode & 0o077, 0, server.data);
  for (const file of everyFile(server.data)) {
    if (/token|key|people\.db/.test(path.basename(file))) assert.equal(fs.statSync(file).mode & 0o077, 0, file);
  }
  const line = fs.readFileSync(`/proc/${server.pid}/cmdline`, 'latin1');
  for (const secret of [kApiToken, kWriteKey]) assert.ok(!line.includes(secret));
  const listening = fs.readFileSync('/proc/net/tcp', 'latin1').split('\n').filter((row) => row.includes(`:${server.port.toString(16).toUpperCase().padStart(4, '0')} 00000000:0000 0A`));
  assert.deepEqual(listening.map((row) => row.trim().split(/\s+/)[1].split(':')[0]), ['0100007F']);
});

test('paths lead to nothing but routes', async () => {
  for (const address of ['/.git/config', '/.env', '/console/../../etc/passwd', '/console/%2e%2e/%2e%2e/etc/passwd', '/api_token', '/console/assets/']) {
    const response = await fetch(server.base + address, { redirect: 'manual' });
    assert.ok([400, 404].includes(response.status) || /<div id="root">/.test(await response.text()), `${address} ${response.status}`);
  }
  const traced = await new Promise((resolve) => {
    import('node:http').then(({ request }) => request(`${server.base}/`, { method: 'TRACE' }, (response) => resolve(response.statusCode)).end());
  });
  assert.ok([405, 501].includes(traced), `${traced}`);
});

test('the program is built to be hard to break into, and its sources call nothing that is easily misused', () => {
  const headers = execFileSync('readelf', ['-lWd', path.join(kBuild, 'src/server/waypost')], { encoding: 'utf8' });
  assert.match(headers, /Elf file type is DYN/);
  assert.match(headers, /GNU_RELRO/);
  assert.match(headers, /BIND_NOW|FLAGS_1.*NOW/);
  for (const row of headers.split('\n').filter((text) => /^\s+(LOAD|GNU_STACK)/.test(text))) assert.doesNotMatch(row, /RWE/);
  const sources = everyFile(path.join(kRoot, 'src')).filter((file) => /\.(cc|h)$/.test(file));
  for (const file of sources) {
    assert.doesNotMatch(fs.readFileSync(file, 'utf8'), /\b(?:system|popen|strcpy|strcat|sprintf|gets)\(/, file);
  }
});
