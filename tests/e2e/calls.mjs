// The calls of examples/calls.jsonl, which the OpenAPI document and docs/calls.md show, made in their order against a
// demo bank. What a line says beside `operation`, `call`, `body` (or `form`) and the `answer` to expect:
//   as     who calls: nobody, source (the write key), page (a browser that signed in), or a key that was kept; a
//          person with every right, when it says nothing
//   keep   names for places of the answer, which later calls write {name}
//   until  a place of the answer that must be there and not be empty: until then it is asked again
//   first  what somebody else does before: kDeeds
//   needs  without which the call is left out
import { createHmac } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { SMTPServer } from 'smtp-server';
import { eventually, kApiToken, kRoot, kWriteKey, startWaypost } from './harness.mjs';
import { Client, kSecret, newKey, startIdentityProvider } from './identity_provider.mjs';
import { noPostgres, startPostgres } from './postgres.mjs';

export const kCallsFile = path.join(kRoot, 'examples/calls.jsonl');
export const readCalls = () => fs.readFileSync(kCallsFile, 'utf8').trim().split('\n').map((line) => JSON.parse(line));

const at = (value, place) => place.split('.').reduce((inner, name) => inner?.[name], value);
const isEmpty = (value) => value === undefined || value === null || value.length === 0;

// The code of an authenticator app, `step` half minutes from now: each counts once.
function totp(secret, step) {
  const bits = [...secret].map((c) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(c).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + step));
  const mac = createHmac('sha1', key).update(counter).digest();
  return String((mac.readUInt32BE(mac[19] & 15) & 0x7FFFFFFF) % 1_000_000).padStart(6, '0');
}

const kDeeds = {
  async code({ kept }) { kept.code = totp(kept.secret, kept.codes = kept.secret === kept.coded ? kept.codes + 1 : 0); kept.coded = kept.secret; },
  async mail({ kept, mails }) {
    const mail = await eventually('the mail after the test', () => mails[1]);
    [, kept.unsubscribe] = mail.match(/^List-Unsubscribe: <https:\/\/bank\.example([^>]+)>/m);
  },
  async provider({ kept, page, idp }) { Object.assign(kept, await page.visit(kept.url), { issuer: idp.issuer }); },
  async sign({ kept }) {
    kept.time = String(Math.floor(Date.now() / 1000));
    const body = JSON.stringify({ hash: kept.hash, yes: true, by: '行长' });
    kept.sign = createHmac('sha256', kept.oa).update(`${kept.time}.journey/outside.${body}`).digest('hex');
  },
  async logout({ kept, idp }) {
    const now = Math.floor(Date.now() / 1000);
    kept.token = idp.sign({ iss: idp.issuer, aud: 'waypost', iat: now, exp: now + 120, jti: 'j1', sub: 'li', events: { 'http://schemas.openid.net/event/backchannel-logout': {} } });
  },
};

// A demo bank and all it talks to. Where an example names a host of the bank, one of this machine stands for it.
async function startBank(t) {
  const mails = [];
  const smtp = new SMTPServer({ authOptional: true, disabledCommands: ['STARTTLS'], onData: (stream, _, done) => { let data = ''; stream.on('data', (d) => (data += d)); stream.on('end', () => { mails.push(data); done(); }); } });
  await new Promise((resolve) => smtp.listen(0, '127.0.0.1', resolve));
  t.after(() => smtp.close());
  const idp = await startIdentityProvider({ li: { preferred_username: 'li' } });
  t.after(idp.stop);
  process.env.WAYPOST_OIDC_CLIENT_SECRET = kSecret;
  const server = await startWaypost(undefined, ['--customers', 100, '--days', 60, '--still', '--egress-allow', '127.0.0.1', '--oidc-issuer', idp.issuer, '--oidc-client-id', 'waypost'], 'demo', (base) => ['--oidc-url', base]);
  t.after(server.stop);
  await eventually('the tags of the bank, after which people are made', async () => (await server.call('GET', '/v1/users')).items.length > 0, 120);
  idp.url = server.base;
  idp.use(newKey('one', 'RS256'));
  const stands = [['smtps://mail.bank.example', `smtp://127.0.0.1:${smtp.server.address().port}`], ['/data/', `${server.data}/`], ['https://sso.bank.example', idp.issuer], ['waypost.bank.example', server.base.slice('http://'.length)]];
  if (!noPostgres) {
    const postgres = await startPostgres(t);
    postgres.sql(`create table deposit (deposit_id text primary key, client_no text, amount numeric(12,2), matures date, updated_at timestamp);
      insert into deposit values ('D1', 'C0000001', 50000, '2027-03-01', '2026-11-01');
      create role waypost_reader login password 'a password of the database'; grant select on deposit to waypost_reader;`);
    stands.push(['"host":"core.bank.example","port":5432,"database":"core"', `"host":"127.0.0.1","port":${postgres.port},"database":"postgres","tls":"off"`]);
  }
  return { server, mails, idp, stands, page: new Client(server), kept: {} };
}

const replaceAll = (text, pairs) => pairs.reduce((done, [from, to]) => done.replaceAll(from, to), text);
const fill = (text, bank) => replaceAll(text.replace(/\{(\w+)\}/g, (whole, name) => bank.kept[name] ?? whole), bank.stands);

function headersOf(who, kept) {
  if (who === 'nobody') return {};
  if (who === 'source') return { authorization: `Basic ${btoa(`${kWriteKey}:`)}` };
  return { authorization: `Bearer ${who ? kept[who] : kApiToken}` };
}

async function send(bank, { call, as, body, form }) {
  const [method, address] = fill(call, bank).split(' ');
  const url = bank.server.base + address;
  const text = form ? new URLSearchParams(JSON.parse(fill(JSON.stringify(form), bank))) : body && fill(JSON.stringify(body), bank);
  const response = as === 'page'
    ? await bank.page.fetch(url, { method, body: text, headers: { origin: bank.server.base, 'x-waypost': 'console' } })
    : await fetch(url, { method, body: text, redirect: 'manual', headers: headersOf(as, bank.kept) });
  const said = await response.text();
  if (response.status >= 400) throw new Error(`${call}: ${response.status} ${said}`);
  return response.headers.get('content-type')?.startsWith('application/json') && said ? JSON.parse(said) : said;
}

// Makes each of the calls, in their order; `hear` is given a call and what was answered to it.
export async function makeCalls(t, calls, hear) {
  const bank = await startBank(t);
  for (const call of calls) {
    if (call.needs === 'postgresql' && noPostgres) continue;
    if (call.first) await kDeeds[call.first](bank);
    const answer = await (call.until ? eventually(`${call.call}: ${call.until}`, async () => { const said = await send(bank, call); return !isEmpty(at(said, call.until)) && said; }) : send(bank, call));
    for (const [name, place] of Object.entries(call.keep ?? {})) bank.kept[name] = at(answer, place);
    await hear(call, answer, (text) => replaceAll(text, bank.stands.map(([shown, here]) => [here, shown])));
  }
}
