// Signing in through an identity provider: a real one (oidc-provider) on this machine, which asks for no
// password but says that the browser is `account`.
import assert from 'node:assert/strict';
import { createPrivateKey, createSign, generateKeyPairSync } from 'node:crypto';
import http from 'node:http';
import { after, before, test } from 'node:test';
import Provider from 'oidc-provider';
import { eventually, launchBrowser, startWaypost } from './harness.mjs';

const kSecret = 'a secret of both & of nobody else';
const kAccounts = {
  li: { preferred_username: 'li', groups: ['everybody', 'marketing'] },
  stranger: { preferred_username: 'stranger', groups: ['marketing'] },
  guest: { preferred_username: 'guest', groups: ['everybody'] },
  both: { preferred_username: 'both', groups: ['it', 'audit'] },
};
let account = 'li';
let idp;
let server;

function newKey(kid, algorithm) {
  const { privateKey } = algorithm === 'ES256' ? generateKeyPairSync('ec', { namedCurve: 'P-256' }) : generateKeyPairSync('rsa', { modulusLength: 2048 });
  return { ...privateKey.export({ format: 'jwk' }), kid, use: 'sig', alg: algorithm };
}

function makeProvider(issuer, url, keys) {
  return new Provider(issuer, {
    clients: [{
      client_id: 'waypost', client_secret: kSecret, redirect_uris: [`${url}/console/sign-in`], post_logout_redirect_uris: [`${url}/console/`],
      backchannel_logout_uri: `${url}/v1/session/provider/logout`, backchannel_logout_session_required: true,
      id_token_signed_response_alg: keys[0].alg,
    }],
    pkce: { required: () => true },
    jwks: { keys },
    cookies: { keys: ['of the test'] },
    claims: { openid: ['sub'], profile: ['preferred_username', 'groups'] },
    conformIdTokenClaims: false, // most providers put the profile into the token
    enabledJWA: { idTokenSigningAlgValues: ['RS256', 'PS256', 'ES256'] },
    features: { devInteractions: { enabled: false }, backchannelLogout: { enabled: true } },
    fetch: (url, { dispatcher, ...options }) => fetch(url, options), // which it would guard from this machine's own addresses
    interactions: { url: (_, { uid }) => `/interaction/${uid}` },
    findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, ...kAccounts[id] }) }),
  });
}

// Whoever comes is `account`, and agrees.
async function agree(provider, request, response) {
  const { prompt, params, session } = await provider.interactionDetails(request, response);
  if (prompt.name === 'login') return provider.interactionFinished(request, response, { login: { accountId: account } });
  const grant = new provider.Grant({ accountId: session.accountId, clientId: params.client_id });
  grant.addOIDCScope('openid profile');
  return provider.interactionFinished(request, response, { consent: { grantId: await grant.save() } });
}

// The provider listens before it is made, because its address is its name.
async function startProvider() {
  const listener = http.createServer((request, response) => {
    if (request.url.startsWith('/interaction/')) return agree(made.provider, request, response).catch((error) => response.writeHead(500).end(String(error)));
    return made.provider.callback()(request, response);
  });
  await new Promise((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${listener.address().port}`;
  const made = { issuer, provider: undefined, url: undefined };
  made.use = (...keys) => { made.provider = makeProvider(issuer, made.url, keys); made.key = createPrivateKey({ key: keys[0], format: 'jwk' }); };
  made.stop = () => { listener.closeAllConnections(); listener.close(); };
  return made;
}

async function start(key, data, flags = []) {
  server = await startWaypost(data, ['--oidc-issuer', idp.issuer, '--oidc-client-id', 'waypost', '--egress-allow', '127.0.0.1', ...flags], 'serve', (base) => ['--oidc-url', base]);
  idp.url = server.base;
  idp.use(key);
}

before(async () => {
  idp = await startProvider();
  Object.assign(process.env, { WAYPOST_OIDC_CLIENT_SECRET: kSecret });
  await start(newKey('one', 'RS256'), undefined, ['--oidc-roles-claim', 'groups', '--oidc-roles', 'marketing=operator,it=system_admin,audit=auditor']);
  for (const name of ['li', 'guest', 'both']) await server.call('POST', '/v1/users', { name, title: name });
});
after(async () => {
  await server.stop();
  idp.stop();
});

// A browser without a screen: keeps cookies of both servers, follows redirects of the provider.
class Client {
  jar = new Map();
  async fetch(url, options = {}) {
    const { origin } = new URL(url);
    const cookies = this.jar.get(origin) ?? new Map();
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(url, { redirect: 'manual', ...options, headers: { ...options.headers, cookie } });
    for (const line of response.headers.getSetCookie()) {
      const [, name, value] = line.match(/^([^=]+)=([^;]*)/);
      value ? cookies.set(name, value) : cookies.delete(name);
    }
    this.jar.set(origin, cookies);
    return response;
  }
  async call(method, path, body) {
    const response = await this.fetch(server.base + path, { method, body: body && JSON.stringify(body), headers: { origin: server.base, 'x-waypost': 'console' } });
    return { status: response.status, ...(await response.json()) };
  }
  // To the provider and back; returns what the browser came back with.
  async visit() {
    let { url } = await this.call('POST', '/v1/session/provider');
    while (!url.startsWith(server.base)) url = new URL((await this.fetch(url)).headers.get('location'), url).href;
    return Object.fromEntries(new URL(url).searchParams);
  }
  async signIn() { return this.call('PUT', '/v1/session/provider', await this.visit()); }
}

test('who the provider knows is signed in, with the roles of the groups, and out again', async () => {
  account = 'li';
  const client = new Client();
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
    account = who;
    const { error } = await new Client().signIn();
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
  account = 'li';
  const victim = new Client();
  const attacker = new Client();
  const stolen = await attacker.visit();
  await victim.visit();
  assert.equal((await victim.call('PUT', '/v1/session/provider', stolen)).error.code, 'sign_in_stale');
  assert.equal((await new Client().call('PUT', '/v1/session/provider', stolen)).error.code, 'sign_in_stale');
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
  account = 'li';
  const here = new Client(), elsewhere = new Client();
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
  account = 'li';
  const client = new Client();
  await client.signIn();
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const now = Math.floor(Date.now() / 1000);
  const sign = (claims, key = idp.key, kid = 'one') => {
    const text = [{ alg: 'RS256', kid, typ: 'logout+jwt' }, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
    return `${text}.${createSign('RSA-SHA256').update(text).sign(key, 'base64url')}`;
  };
  const say = async (token) => (await fetch(`${server.base}/v1/session/provider/logout`, { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: new URLSearchParams({ logout_token: token }) }));
  const good = { iss: idp.issuer, aud: 'waypost', iat: now, exp: now + 120, jti: 'j1', sub: 'li', events: { 'http://schemas.openid.net/event/backchannel-logout': {} } };
  for (const token of ['', 'x', sign(good, privateKey), sign({ ...good, aud: 'other' }), sign({ ...good, nonce: 'n' }), sign({ ...good, events: {} }), sign({ ...good, iat: now - 3_600 }), sign({ ...good, sub: undefined })]) {
    const answer = await say(token);
    assert.equal(answer.status, 400, token);
    assert.equal((await answer.json()).error.code, 'bad_logout_token');
  }
  assert.equal((await client.call('GET', '/v1/session')).signed_in, true);
  const token = sign(good), answer = await say(token);
  assert.deepEqual([answer.status, answer.headers.get('cache-control')], [200, 'no-store']);
  assert.equal((await client.call('GET', '/v1/session')).signed_in, false);
  await client.signIn();
  assert.equal((await say(token)).status, 400);
  assert.equal((await client.call('GET', '/v1/session')).signed_in, true);
  await server.kill();
  await start(newKey('one', 'RS256'), server.data);
  assert.deepEqual(await client.signIn(), { status: 'ok' });
  assert.equal((await say(sign(good))).status, 400); // used before the restart
  assert.equal((await client.call('GET', '/v1/session')).signed_in, true);
  assert.equal((await say(sign({ ...good, jti: 'j2' }))).status, 200);
});

test('the provider may sign with other keys and in other ways', async () => {
  account = 'li';
  // Unit tests hold the minute between two looks at the keys; here the server starts again instead.
  for (const algorithm of ['ES256', 'PS256']) {
    await server.kill();
    await start(newKey(algorithm, algorithm), server.data);
    assert.deepEqual(await new Client().signIn(), { status: 'ok' });
  }
  assert.deepEqual((await server.call('GET', '/v1/users/li')).roles, ['operator']); // as they were: no claim gives roles now
});

test('the sign-in page leads there and back, in both languages', async () => {
  account = 'li';
  const browser = await launchBrowser();
  try {
    for (const [locale, button, title] of [['zh-CN', '用统一身份平台登录', '本系统没有用户'], ['en-US', 'Sign in with your organisation’s account', 'does not exist here']]) {
      const context = await browser.newContext({ locale });
      const page = await context.newPage();
      const wrong = [];
      page.on('pageerror', (error) => wrong.push(String(error)));
      account = 'stranger';
      await page.goto(`${server.base}/console/`);
      await page.getByRole('button', { name: button }).click();
      await page.getByRole('alert').getByText(title).waitFor();
      assert.equal(new URL(page.url()).search, '');
      await context.clearCookies();
      account = 'li';
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
