// Command lines that cannot be: each is told what is wrong and what to do, and changes nothing.
import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { kApiToken, kBuild, startWaypost } from './harness.mjs';

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
