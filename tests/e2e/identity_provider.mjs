// An identity provider for tests: a real one (oidc-provider) on this machine, which asks for no password but says
// that the browser is `account`.
import { createPrivateKey, createSign, generateKeyPairSync } from 'node:crypto';
import http from 'node:http';
import Provider from 'oidc-provider';

export const kSecret = 'a secret of both & of nobody else';

export function newKey(kid, algorithm) {
  const { privateKey } = algorithm === 'ES256' ? generateKeyPairSync('ec', { namedCurve: 'P-256' }) : generateKeyPairSync('rsa', { modulusLength: 2048 });
  return { ...privateKey.export({ format: 'jwk' }), kid, use: 'sig', alg: algorithm };
}

function makeProvider({ issuer, url, accounts }, keys) {
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
    findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, ...accounts[id] }) }),
  });
}

// Whoever comes is `account`, and agrees.
async function agree({ provider, account }, request, response) {
  const { prompt, params, session } = await provider.interactionDetails(request, response);
  if (prompt.name === 'login') return provider.interactionFinished(request, response, { login: { accountId: account } });
  const grant = new provider.Grant({ accountId: session.accountId, clientId: params.client_id });
  grant.addOIDCScope('openid profile');
  return provider.interactionFinished(request, response, { consent: { grantId: await grant.save() } });
}

// The provider listens before it is made, because its address is its name; set `url`, that of Waypost, and `use` a
// key. `accounts` are the claims of who it knows.
export async function startIdentityProvider(accounts) {
  const listener = http.createServer((request, response) => {
    if (request.url.startsWith('/interaction/')) return agree(made, request, response).catch((error) => response.writeHead(500).end(String(error)));
    return made.provider.callback()(request, response);
  });
  await new Promise((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${listener.address().port}`;
  const made = { issuer, accounts, account: Object.keys(accounts)[0] };
  made.use = (...keys) => { made.provider = makeProvider(made, keys); made.key = createPrivateKey({ key: keys[0], format: 'jwk' }); };
  // A logout token with these claims.
  made.sign = (claims, key = made.key, kid = 'one') => {
    const text = [{ alg: 'RS256', kid, typ: 'logout+jwt' }, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
    return `${text}.${createSign('RSA-SHA256').update(text).sign(key, 'base64url')}`;
  };
  made.stop = () => { listener.closeAllConnections(); listener.close(); };
  return made;
}

// A browser without a screen, at a `server`: keeps cookies of both servers, follows redirects of the provider.
export class Client {
  constructor(server) { this.server = server; }
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
    const response = await this.fetch(this.server.base + path, { method, body: body && JSON.stringify(body), headers: { origin: this.server.base, 'x-waypost': 'console' } });
    return { status: response.status, ...(await response.json()) };
  }
  // To the provider, at the address where it `began`, and back; returns what the browser came back with.
  async visit(began) {
    let url = began ?? (await this.call('POST', '/v1/session/provider')).url;
    while (!url.startsWith(this.server.base)) url = new URL((await this.fetch(url)).headers.get('location'), url).href;
    return Object.fromEntries(new URL(url).searchParams);
  }
  async signIn() { return this.call('PUT', '/v1/session/provider', await this.visit()); }
}
