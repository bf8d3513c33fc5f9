// Signing in through an identity provider, a real one on this machine.
import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { after, before, test } from 'node:test';
import { eventually, launchBrowser, startWaypost } from './harness.mjs';
import { Client, kSecret, newKey, startIdentityProvider } from './identity_provider.mjs';

const kAccounts = {
  li: { preferred_username: 'li', groups: ['everybody', 'marketing'] },
  stranger: { preferred_username: 'stranger', groups: ['marketing'] },
  guest: { preferred_username: 'guest', groups: ['everybody'] },
  both: { preferred_username: 'both', groups: ['it', 'audit'] },
};
let idp;
let server;

async function start(key, data, flags = []) {
  server = await startWaypost(data, ['--oidc-issuer', idp.issuer, '--oidc-client-id', 'waypost', '--egress-allow', '127.0.0.1', ...flags], 'serve', (base) => ['--oidc-url', base]);
  idp.url = server.base;
  idp.use(key);
}

before(async () => {
  idp = await startIdentityProvider(kAccounts);
  Object.assign(process.env, { WAYPOST_OIDC_CLIENT_SECRET: kSecret });
  await start(newKey('one', 'RS256'), undefined, ['--oidc-roles-claim', 'groups', '--oidc-roles', 'marketing=operator,it=system_admin,audit=auditor']);
  for (const name of ['li', 'guest', 'both']) await server.call('POST', '/v1/users', { name, title: name });
});
after(async () => {
  await server.stop();
  idp.stop();
});

test('who the provider knows is signed in, with the roles of the groups, and out again', async () => {
  idp.account = 'li';
  const client = new Client(server);
  assert.deepEqual(await client.call('GET', '/v1/session'), { status: 200, signed_in: false, environment: 'production', provider: true });
  assert.deepEqual(await client.signIn(), { status: 'ok' });
  const session = await client.call('GET', '/v1/session');
  assert.deepEqual([session.person, session.signed_in, session.must_change], ['li', true, false]);
  assert.deepEqual((await server.call('GET', '/v1/users/li')).roles, ['operator']);
  assert.equal((await client.call('GET', '/v1/segments')).status, 200);
  const { records } = await server.call('GET', '/v1/audit?limit=10');
  const opened = records.find(({ what, result }) => what === 'session.opened' && JSON.stringify(result) !== '401');
  assert.equal(opened.who, 'li');
  assert.match(JSON.stringify(opened), /operator/);
  const { url } = await client.call('DELETE', '/v1/session');
  assert.ok(url.startsWith(`${idp.issuer}/session/end?client_id=waypost`), url);
  assert.equal((await client.fetch(url)).status, 200); // asks whether one means it
  assert.equal((await client.call('GET', '/v1/session')).signed_in, false);
});

test('who is unknown here, disabled, in no group or in two duties is refused plainly', async () => {
  const expectRefusal = async (who, code, status, words) => {
    idp.account = who;
    const { error } = await new Client(server).signIn();
    assert.deepEqual([error.code, typeof error.message_zh], [code, 'string']);
    assert.match(error.message, words);
  };
  await expectRefusal('stranger', 'not_a_user', 403, /'stranger' does not exist here/);
  await expectRefusal('guest', 'not_a_user', 403, /None of your groups/);
  await expectRefusal('both', 'two_duties', 422, /duty|duties|hands/);
  await server.call('PATCH', '/v1/users/li', { disabled: true });
  await expectRefusal('li', 'not_a_user', 403, /'li' is disabled/);
  await server.call('PATCH', '/v1/users/li', { disabled: false });
});

test('an answer counts once, in the browser that asked, and not when another began it', async () => {
  idp.account = 'li';
  const victim = new Client(server);
  const attacker = new Client(server);
  const stolen = await attacker.visit();
  await victim.visit();
  assert.equal((await victim.call('PUT', '/v1/session/provider', stolen)).error.code, 'sign_in_stale');
  assert.equal((await new Client(server).call('PUT', '/v1/session/provider', stolen)).error.code, 'sign_in_stale');
  assert.equal((await attacker.call('PUT', '/v1/session/provider', { ...stolen, iss: 'https://evil.example' })).error.code, 'sign_in_stale');
  assert.equal((await attacker.call('PUT', '/v1/session/provider', { state: stolen.state, error: 'access_denied' })).error.code, 'provider_refused');
  const attempt = new Map(attacker.jar.get(server.base));
  assert.equal((await attacker.call('PUT', '/v1/session/provider', stolen)).status, 'ok');
  attacker.jar.set(server.base, attempt);
  assert.equal((await attacker.call('PUT', '/v1/session/provider', stolen)).error.code, 'provider_refused');
  const crossSite = await attacker.fetch(`${server.base}/v1/session/provider`, { method: 'POST', headers: { origin: 'https://evil.example', 'x-waypost': 'console' } });
  assert.equal(crossSite.status, 403);
});

test('who signs out at the provider is signed out here at once, in that browser alone', async () => {
  idp.account = 'li';
  const here = new Client(server), elsewhere = new Client(server);
  for (const client of [here, elsewhere]) assert.deepEqual(await client.signIn(), { status: 'ok' });
  const isIn = async (client) => (await client.call('GET', '/v1/session')).signed_in;
  const asks = await here.fetch(`${idp.issuer}/session/end?client_id=waypost`);
  const xsrf = (await asks.text()).match(/name="xsrf" value="([^"]+)"/)[1];
  const said = await here.fetch(`${idp.issuer}/session/end/confirm`, { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: new URLSearchParams({ xsrf, logout: 'yes' }) });
  assert.ok(said.status < 400, await said.text());
  await eventually('the provider told it', async () => !(await isIn(here)));
  assert.equal(await isIn(elsewhere), true);
  const { records } = await server.call('GET', '/v1/audit?limit=10');
  const closed = records.find(({ what, who }) => what === 'session.closed' && who === 'identity provider');
  assert.match(JSON.stringify(closed), /sessions_of.*li/);
});

test('a logout token is taken once, and only when all of it fits', async () => {
  idp.account = 'li';
  const client = new Client(server);
  await client.signIn();
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const now = Math.floor(Date.now() / 1000);
  const say = async (token) => (await fetch(`${server.base}/v1/session/provider/logout`, { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: new URLSearchParams({ logout_token: token }) }));
  const good = { iss: idp.issuer, aud: 'waypost', iat: now, exp: now + 120, jti: 'j1', sub: 'li', events: { 'http://schemas.openid.net/event/backchannel-logout': {} } };
  for (const token of ['', 'x', idp.sign(good, privateKey), idp.sign({ ...good, aud: 'other' }), idp.sign({ ...good, nonce: 'n' }), idp.sign({ ...good, events: {} }), idp.sign({ ...good, iat: now - 3_600 }), idp.sign({ ...good, sub: undefined })]) {
    const answer = await say(token);
    assert.equal(answer.status, 400, token);
    assert.equal((await answer.json()).error.code, 'bad_logout_token');
  }
  assert.equal((await client.call('GET', '/v1/session')).signed_in, true);
  const token = idp.sign(good), answer = await say(token);
  assert.deepEqual([answer.status, answer.headers.get('cache-control')], [200, 'no-store']);
  assert.equal((await client.call('GET', '/v1/session')).signed_in, false);
  await client.signIn();
  assert.equal((await say(token)).status, 400);
  assert.equal((await client.call('GET', '/v1/session')).signed_in, true);
  await server.kill();
  await start(newKey('one', 'RS256'), server.data);
  client.server = server;
  assert.deepEqual(await client.signIn(), { status: 'ok' });
  assert.equal((await say(idp.sign(good))).status, 400); // used before the restart
  assert.equal((await client.call('GET', '/v1/session')).signed_in, true);
  assert.equal((await say(idp.sign({ ...good, jti: 'j2' }))).status, 200);
});

test('the provider may sign with other keys and in other ways', async () => {
  idp.account = 'li';
  // Unit tests hold the minute between two looks at the keys; here the server starts again instead.
  for (const algorithm of ['ES256', 'PS256']) {
    await server.kill();
    await start(newKey(algorithm, algorithm), server.data);
    assert.deepEqual(await new Client(server).signIn(), { status: 'ok' });
  }
  assert.deepEqual((await server.call('GET', '/v1/users/li')).roles, ['operator']); // as they were: no claim gives roles now
});

test('the sign-in page leads there and back, in both languages', async () => {
  idp.account = 'li';
  const browser = await launchBrowser();
  try {
    for (const [locale, button, title] of [['zh-CN', '用统一身份平台登录', '本系统没有用户'], ['en-US', 'Sign in with your organisation’s account', 'does not exist here']]) {
      const context = await browser.newContext({ locale });
      const page = await context.newPage();
      const wrong = [];
      page.on('pageerror', (error) => wrong.push(String(error)));
      idp.account = 'stranger';
      await page.goto(`${server.base}/console/`);
      await page.getByRole('button', { name: button }).click();
      await page.getByRole('alert').getByText(title).waitFor();
      assert.equal(new URL(page.url()).search, '');
      await context.clearCookies();
      idp.account = 'li';
      await page.getByRole('button', { name: button }).click();
      await page.locator('button[title="li"]').waitFor();
      await eventually('the address is clean', () => new URL(page.url()).pathname === '/console/');
      assert.deepEqual(wrong, []);
      await context.close();
    }
  } finally {
    await browser.close();
  }
});
