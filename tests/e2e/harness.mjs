// What the tests share: a real server on this machine with a data folder of its own, pages for a real
// browser, and waiting for events to be found again.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

export const kRoot = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
export const kBuild = process.env.WAYPOST_BUILD ?? path.join(kRoot, 'build/dev');
export const kSanitized = process.env.WAYPOST_SANITIZED ?? path.join(kRoot, 'build/dev'); // which has the unit tests
export const kWriteKey = 'e2e-write-key';
export const kApiToken = 'e2e-api-token';
export const kPassword = 'three green horses';
// Everything in the console but what belongs in other hands: security and audit.
export const kRoles = ['system_admin', 'lead', 'data_engineer'];

function freePort() {
  return new Promise((resolve) => {
    const probe = net.createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

// Calls `attempt` until it gives something, for at most thirty seconds or as many as given.
export async function eventually(what, attempt, seconds = 30) {
  const end = Date.now() + seconds * 1_000;
  let last;
  do {
    try {
      const found = await attempt();
      if (found) return found;
    } catch (error) {
      last = error;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  } while (Date.now() < end);
  throw new Error(`not within ${seconds} seconds: ${what}`, { cause: last });
}

// What one says to a server that runs, with the token of the tests.
export function serverAt(base) {
  const server = {
    base,
    async call(method, path, body) {
      const response = await fetch(base + path, { method, body: body && JSON.stringify(body), headers: { authorization: `Bearer ${kApiToken}` } });
      const answer = await response.json();
      if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${JSON.stringify(answer)}`);
      return answer;
    },
    // Makes a user who signs in with kPassword; returns the cookie of a session.
    async addUser(name, title, roles = kRoles) {
      const { password } = await server.call('POST', '/v1/users', { name, title });
      await server.call('PUT', `/v1/users/${name}/roles`, { roles });
      const fromPage = async (path, body, cookie = '') => {
        const headers = { origin: base, 'x-waypost': 'console', cookie };
        const response = await fetch(base + path, { method: 'POST', body: JSON.stringify(body), headers });
        assert.equal(response.status, 200, await response.text());
        return response.headers.get('set-cookie').split(';')[0];
      };
      const cookie = await fromPage('/v1/session', { name, password });
      return fromPage('/v1/session/password', { before: password, password: kPassword }, cookie);
    },
  };
  return server;
}

// Starts `waypost serve`, or another command that serves, with more `flags` and waits until it is ready. The
// folder lives until stop(); kill() leaves it, so that start(server.data) finds what was there. `flagsAt` gives
// flags that name the server's own address.
export async function startWaypost(data = fs.mkdtempSync(path.join(os.tmpdir(), 'waypost-e2e-')), flags = [], command = 'serve', flagsAt = () => []) {
  const port = await freePort();
  const base = `http://127.0.0.1:${port}`;
  const child = spawn(path.join(kBuild, 'src/server/waypost'), [command, '--data', data, '--listen-port', port, ...flags, ...flagsAt(base)].map(String), {
    // A sanitized server keeps freed memory aside; little of it, so that growth means something.
    env: { ASAN_OPTIONS: 'quarantine_size_mb=8', ...process.env, WAYPOST_WRITE_KEY: kWriteKey, WAYPOST_API_TOKEN: kApiToken },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let log = '';
  child.stderr.on('data', (text) => (log += text));
  const ended = new Promise((resolve) => child.on('exit', (code, signal) => resolve(signal ?? code)));
  const server = {
    ...serverAt(base), data, port, pid: child.pid, ended,
    log: () => log,
    async stop() {
      child.kill('SIGTERM');
      const how = await ended;
      fs.rmSync(data, { recursive: true, force: true });
      if (how !== 0) throw new Error(`the server ended with ${how}:\n${log}`);
    },
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
  };
  const ready = eventually('the server is ready', async () => (await fetch(`${base}/readyz`)).ok, 90).catch((error) => { throw new Error(log, { cause: error }); });
  const how = await Promise.race([ready, ended]);
  if (how === true) return server;
  // Between the search for it and now the port may have become another connection's.
  if (/Address already in use/.test(log)) return startWaypost(data, flags, command, flagsAt);
  throw new Error(`the server ended with ${how}:\n${log}`);
}

// Pages on an origin of their own, so that the browser applies CORS as it does in the field. `pages`
// maps paths to HTML; `folders` maps prefixes to folders of an installed package.
export async function servePages(pages, folders) {
  const server = http.createServer((request, response) => {
    const url = new URL(request.url, 'http://pages');
    if (pages[url.pathname]) {
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' });
      return response.end(pages[url.pathname]);
    }
    const prefix = Object.keys(folders).find((p) => url.pathname.startsWith(p));
    const file = prefix && path.join(kRoot, 'tests/e2e/node_modules', folders[prefix], url.pathname.slice(prefix.length));
    if (!file || !fs.existsSync(file)) return response.writeHead(404).end();
    response.writeHead(200, { 'content-type': 'text/javascript' });
    fs.createReadStream(file).pipe(response);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { base: `http://127.0.0.1:${server.address().port}`, stop: () => server.close() };
}

export function launchBrowser() {
  return chromium.launch({
    executablePath: '/usr/bin/chromium-headless-shell',
    headless: true,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
      '--disable-component-update', '--disable-sync',
      '--js-flags=--no-opt --no-maglev'], // no page lives long enough to pay for better code: a quarter of the processor time
  });
}

// The events the live debugger shows, once there are at least `count`.
export function recentEvents(server, count) {
  return eventually(`${count} events`, async () => {
    const { items } = await server.call('GET', '/v1/events/recent?limit=1000');
    const events = items.filter((item) => item.kind === 'event');
    return events.length >= count && events;
  });
}

// There is exactly one such event, and all that `want` names is so. Properties and identities that
// `want` does not name may be there too.
export function expectEvent(events, name, { identities = {}, properties = {}, ...rest }) {
  const found = events.filter((event) => event.event === name);
  assert.equal(found.length, 1, `${found.length} events ${name}`);
  for (const [field, wanted] of Object.entries({ identities, properties })) {
    for (const [key, value] of Object.entries(wanted)) {
      assert.deepEqual(found[0][field][key], value, `${name}: ${field}.${key} in ${JSON.stringify(found[0])}`);
    }
  }
  for (const [field, value] of Object.entries(rest)) assert.deepEqual(found[0][field], value, `${name}: ${field}`);
}

// Exactly one customer has all these attributes, and it is this one.
export async function expectAttributes(server, login, attributes) {
  const conditions = Object.entries(attributes).map(([customer, value]) =>
    Array.isArray(value) ? { customer, op: 'has all', value } : { customer, op: '=', value });
  await eventually(`the attributes ${JSON.stringify(attributes)}`, async () => {
    const { customers } = await server.call('POST', '/v1/query', {
      ask: 'trends', range: { from: '2020-01-01', to: '2040-01-01' }, interval: 'all',
      measures: [{ name: 'customers', of: '*', measure: 'uniques' }], who: { all: conditions },
      customers_of: { measure: 'customers' },
    });
    return customers.count === 1 && customers.names[0].includes(login);
  });
}
