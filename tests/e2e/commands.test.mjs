// Command lines that cannot be: each is told what is wrong and what to do, and changes nothing.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { kBuild } from './harness.mjs';

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
