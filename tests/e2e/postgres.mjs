// A PostgreSQL for tests, on the loopback, started by a user without rights.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';

const kFolders = '/usr/lib/postgresql';
const version = fs.existsSync(kFolders) ? fs.readdirSync(kFolders).sort((a, b) => b - a)[0] : undefined;
// Why there is none; false: there is.
export const noPostgres = version ? false : `no PostgreSQL in ${kFolders}: apt-get install postgresql`;

// A cluster of its own in a folder of its own; nobody's when we are root, whom initdb refuses.
export async function startPostgres(t) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'waypost-pg-'));
  const root = process.getuid() === 0;
  fs.chmodSync(folder, 0o755);
  const data = path.join(folder, 'data');
  fs.mkdirSync(data);
  const [uid, gid] = root ? ['nobody', 'nogroup'].map((name, i) => Number(execFileSync('getent', [i ? 'group' : 'passwd', name], { encoding: 'utf8' }).split(':')[2])) : [];
  if (root) fs.chownSync(data, uid, gid);
  const run = (program, ...args) => {
    const done = spawnSync(path.join(kFolders, version, 'bin', program), args, { encoding: 'utf8', cwd: data, stdio: ['ignore', 'ignore', 'pipe'], ...(root && { uid, gid }), env: { PATH: '/usr/bin:/bin', LC_ALL: 'C.UTF-8' } });
    assert.equal(done.status, 0, `${program}: ${done.stderr}`);
  };
  fs.chmodSync(data, 0o700);
  run('initdb', '-D', data, '-U', 'app', '-A', 'scram-sha-256', '--locale=C.UTF-8', '-N', `--pwfile=${passwordFile(folder)}`);
  const port = await new Promise((resolve) => {
    const probe = net.createServer().listen(0, '127.0.0.1', () => {
      const free = probe.address().port;
      probe.close(() => resolve(free));
    });
  });
  // A log of its own, or the program that started it would be waited for through the pipe.
  const options = `-p ${port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off`;
  const start = () => run('pg_ctl', '-D', data, '-w', '-l', path.join(data, 'log'), '-o', options, 'start');
  const stop = () => run('pg_ctl', '-D', data, '-m', 'immediate', 'stop');
  start();
  t.after(() => {
    stop();
    fs.rmSync(folder, { recursive: true, force: true });
  });
  const sql = (text) => execFileSync('psql', ['-qXtA', '-v', 'ON_ERROR_STOP=1', '-c', text], { env: { PATH: '/usr/bin:/bin', PGHOST: '127.0.0.1', PGPORT: String(port), PGUSER: 'app', PGPASSWORD: 'app', PGDATABASE: 'postgres' }, encoding: 'utf8' });
  return { port, sql, start, stop };
}
function passwordFile(folder) {
  const file = path.join(folder, 'password');
  fs.writeFileSync(file, 'app\n');
  return file;
}
