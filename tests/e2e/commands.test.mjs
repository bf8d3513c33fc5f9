// Command lines that cannot be: each is told what is wrong and what to do, and changes nothing.
import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { kApiToken, kBuild, kRoot, startWaypost } from './harness.mjs';

const kCases = [
  { words: ['quey'], says: "waypost: there is no command 'waypost quey', did you mean 'query'?; 'waypost --help' names them all" },
  { words: ['zzz'], says: "waypost: there is no command 'waypost zzz'; 'waypost --help' names them all" },
  { words: ['store', 'verfy'], says: "waypost: there is no command 'waypost store verfy', did you mean 'verify'?; 'waypost store --help' names them all" },
  { words: ['store', '--data', 'x'], says: 'A subcommand is required' },
  { words: ['journey', 'release', 'payday', '--percent', 'x'], says: '--percent: Value x' },
  { words: ['audit', 'verify', '--listen-prt', '1'], says: 'The following arguments were not expected' },
];

test('a command that is none is told what was meant', () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'waypost-commands-'));
  for (const { words, says } of kCases) {
    const { status, stdout, stderr } = spawnSync(path.join(kBuild, 'src/server/waypost'), words, { cwd: folder, encoding: 'utf8' });
    assert.notEqual(status, 0, words.join(' '));
    assert.ok((stdout + stderr).startsWith(says), `${words.join(' ')}: ${stdout}${stderr}`);
  }
  assert.deepEqual(fs.readdirSync(folder), []);
  fs.rmSync(folder, { recursive: true });
});

test('any call of the API is made by command, with its body from a file or standard input, and what is refused is said', async (t) => {
  const server = await startWaypost();
  t.after(server.stop);
  const call = (input, ...words) => new Promise((resolve) => {
    const child = execFile(path.join(kBuild, 'src/server/waypost'), ['call', ...words, '--data', server.data, '--listen-port', String(server.port)], { env: { ...process.env, WAYPOST_API_TOKEN: kApiToken } },
      (error, stdout, stderr) => resolve({ status: error ? error.code : 0, stdout, stderr }));
    child.stdin.end(input);
  });
  assert.deepEqual(JSON.parse((await call('', 'GET', '/v1/identity/links?limit=1')).stdout), { links: [] });
  const made = await call('{"id":"vip","name_zh":"高端","eql":"DID(ANY EVENT)"}', 'POST', '/v1/segments', '-');
  assert.equal(JSON.parse(made.stdout).id, 'vip', made.stderr);
  assert.equal(JSON.parse((await call('', 'GET', '/v1/tags?q=高端 客户')).stdout).items.length, 0);
  assert.equal(JSON.parse((await call('', 'DELETE', '/v1/segments/vip')).stdout).status, 'removed');
  const gone = await call('', 'GET', '/v1/segments/vip');
  assert.notEqual(gone.status, 0);
  assert.match(gone.stdout + gone.stderr, /There is no segment 'vip'/);
  const twice = await call('{"id":"a","id":"b"}', 'POST', '/v1/segments', '-');
  assert.notEqual(twice.status, 0);
  assert.match(twice.stdout + twice.stderr, /id is there twice/);
});

const kOthers = ['a browser', 'an SDK', 'the other system, signed', 'the provider of a channel', 'who got the mail'];

test('docs/commands.md lists every call, and each command there makes the call it stands beside', async (t) => {
  const lines = fs.readFileSync(path.join(kRoot, 'docs/commands.md'), 'utf8').split('\n');
  const rows = lines.flatMap((line) => { const [, call, by] = line.match(/^\| `(.+?)` \| (.+) \|$/) ?? []; return call ? [{ call, by }] : []; });
  const server = await startWaypost(); // has the folder open, so that commands call
  t.after(server.stop);
  const { paths } = await server.call('GET', '/v1/openapi.json');
  const calls = Object.entries(paths).flatMap(([at, methods]) => Object.keys(methods).map((method) => `${method.toUpperCase()} ${at}`));
  assert.deepEqual(rows.map(({ call }) => call), calls);

  const made = []; // by the command at hand
  const listener = http.createServer((request, response) => {
    made.push(`${request.method} ${new URL(request.url, 'http://here').pathname}`);
    request.resume().on('end', () => response.end('{}'));
  }).listen(0, '127.0.0.1');
  t.after(() => listener.close());
  await new Promise((resolve) => listener.once('listening', resolve));
  const file = path.join(server.data, 'body.json');
  fs.writeFileSync(file, '{}');
  const given = { '[FILE]': file, FILE: file, '/FOLDER': path.join(server.data, 'copy') };
  const make = (words) => new Promise((resolve) => {
    execFile(path.join(kBuild, 'src/server/waypost'), [...words, '--data', server.data, '--listen-port', String(listener.address().port)], { env: { ...process.env, WAYPOST_API_TOKEN: kApiToken } }, (error, stdout, stderr) => resolve(stdout + stderr));
  });
  for (const { call, by } of rows) {
    if (kOthers.includes(by)) continue;
    const words = by.match(/^`waypost (.+)`$/)?.[1].split(' ');
    assert.ok(words, `${call}: ${by}`);
    made.length = 0;
    const said = await make(words.map((word) => given[word] ?? word.replace(/\{.*?\}/g, 'x')));
    const [method, at] = call.split(' ');
    const wanted = new RegExp(`^${method} ${at.replaceAll('.', '\\.').replace(/\{.*?\}/g, '[^/]+')}$`);
    assert.ok(made.some((one) => wanted.test(one)), `${by} makes ${made} and not ${call}: ${said}`);
  }
});
