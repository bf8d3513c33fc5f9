// Messages to real servers: a provider of each mood, an SMTP server, and addresses that may not be called.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { SMTPServer } from 'smtp-server';
import { batchAt, channelAt, kMoods, queryAt, startProvider } from '../provider.mjs';
import { eventually, kApiToken, kBuild, kWriteKey, startWaypost } from './harness.mjs';

const kLoopback = ['--egress-allow', '127.0.0.1'];

// Sends "hello" on `channel` to whoever signs up.
const journeyOn = (channel, text = '您好') => ({
  id: channel, category: 'service', entry: { kind: 'event', on: 'Signed Up' },
  nodes: [{ id: 'start', type: 'entry' }, { id: 'hello', type: 'send', channel, text }, { id: 'stay', type: 'wait', for: '30d' }],
  edges: [{ from: 'start', to: 'hello' }, { from: 'hello', to: 'stay' }],
});
const signUp = async (server, ...logins) => {
  const batch = logins.map((userId) => ({ type: 'track', userId, messageId: `m-${userId}`, event: 'Signed Up' }));
  const answer = await fetch(`${server.base}/v1/batch`, { method: 'POST', body: JSON.stringify({ writeKey: kWriteKey, batch }), headers: { 'content-type': 'application/json' } });
  assert.ok(answer.ok);
};
const messagesOf = async (server, journey) => (await server.call('GET', `/v1/journeys/${journey}`)).nodes.find((n) => n.id === 'hello').messages ?? {};
const refusal = async (server, method, where, body) => {
  const answer = await fetch(server.base + where, { method, body: JSON.stringify(body), headers: { authorization: 'Bearer e2e-api-token' } });
  return { status: answer.status, code: (await answer.json()).error?.code };
};

test('a provider gets each message once, whatever mood it is in', async (t) => {
  const server = await startWaypost(undefined, kLoopback);
  t.after(server.stop);
  const providers = {};
  for (const [i, mood] of kMoods.entries()) {
    // The first attempt is met in this mood, later ones well.
    const provider = await startProvider({ mood: (key, attempt) => (attempt === 0 ? mood : 'ok') });
    t.after(provider.stop);
    providers[mood] = provider;
    await server.call('PUT', `/v1/channels/c${i}`, channelAt(provider, `c${i}`, queryAt(provider)));
    const { receipts_path } = await server.call('GET', `/v1/channels/c${i}`);
    if (mood === 'repeated receipts') provider.receiptsTo = server.base + receipts_path;
    await server.call('POST', '/v1/journeys', journeyOn(`c${i}`));
  }
  await signUp(server, 'ann', 'bob');
  for (const [i, mood] of kMoods.entries()) {
    const refused = mood === 'refused in success', repeated = mood === 'repeated receipts';
    const messages = await eventually(`settled: ${mood}`, async () => {
      const m = await messagesOf(server, `c${i}`);
      return (refused ? m.rejected : repeated ? m.delivered : m.accepted) === 2 && m; // a receipt may be first
    });
    const unsure = ['drop after accept', 'error after accept', 'reset', 'garbage'].includes(mood);
    assert.equal(messages.unknown ?? 0, unsure ? 2 : 0, mood);
    assert.deepEqual([...providers[mood].reached.values()], refused ? [] : [1, 1], mood);
  }
  const { channels } = await server.call('GET', '/v1/channels');
  assert.deepEqual(channels.map((c) => c.waiting + c.claimed + c.unknown), kMoods.map(() => 0));
});

test('without a query or keys a message of unknown outcome is listed and never sent again', async (t) => {
  const server = await startWaypost(undefined, kLoopback);
  t.after(server.stop);
  const provider = await startProvider({ mood: () => 'drop after accept' });
  t.after(provider.stop);
  await server.call('PUT', '/v1/channels/sms', channelAt(provider, 'sms'));
  await server.call('POST', '/v1/journeys', journeyOn('sms'));
  await signUp(server, 'ann');
  const [key] = await eventually('unknown', async () => { const { unknown } = await server.call('GET', '/v1/journeys'); return unknown.length === 1 && unknown; });
  await new Promise((resolve) => setTimeout(resolve, 2500));
  assert.equal(provider.attempts.get(key), 1);
  // A receipt settles it.
  const { receipts_path } = await server.call('GET', '/v1/channels/sms');
  const body = JSON.stringify({ reports: [{ ref: key, state: 'DELIVRD' }] });
  assert.equal((await fetch(server.base + receipts_path.slice(0, -1) + 'x', { method: 'POST', body })).status, 404);
  assert.equal((await (await fetch(server.base + receipts_path, { method: 'POST', body })).json()).taken, 1);
  assert.deepEqual((await server.call('GET', '/v1/journeys')).unknown, []);
});

test('secrets sign calls and lie encrypted', async (t) => {
  const server = await startWaypost(undefined, kLoopback);
  t.after(server.stop);
  const provider = await startProvider();
  t.after(provider.stop);
  const described = channelAt(provider, 'push', { secrets: ['app_key'], sign: { over: '{{time}}.{{body}}', secret: 'app_key' } });
  described.request.headers['X-Signature'] = 't={{time}},v1={{sign}}';
  await server.call('PUT', '/v1/channels/push', described);
  const missing = (await server.call('GET', '/v1/channels')).channels[0].secrets_missing;
  assert.deepEqual(missing, ['app_key']);
  assert.equal((await server.call('POST', '/v1/channels/push/test', { address: 'x', text: 'y' })).outcome, 'busy');
  const shown = await server.call('PUT', '/v1/channels/push/secrets', { app_key: 'very-secret-indeed' });
  assert.ok(!JSON.stringify(shown).includes('very-secret-indeed'));
  assert.equal((await server.call('POST', '/v1/channels/push/test', { address: '"},{', text: '说"好"' })).outcome, 'accepted');
  const [{ headers, body }] = provider.bodies;
  assert.deepEqual([JSON.parse(body).to, JSON.parse(body).text], ['"},{', '说"好"']);
  const { createHmac } = await import('node:crypto');
  const time = headers['x-signature'].match(/^t=(\d+)/)[1];
  assert.equal(headers['x-signature'], `t=${time},v1=${createHmac('sha256', 'very-secret-indeed').update(`${time}.${body}`).digest('hex')}`);
  const files = fs.readdirSync(server.data, { recursive: true }).map((f) => path.join(server.data, f)).filter((f) => fs.statSync(f).isFile());
  for (const file of files) assert.ok(!fs.readFileSync(file).includes('very-secret-indeed'), file);
});

test('what is behind the firewall is not called unless it is allowed', async (t) => {
  let touched = 0;
  const canary = http.createServer((_, response) => { ++touched; response.end('{}'); });
  await new Promise((resolve) => canary.listen(0, '127.0.0.1', resolve));
  t.after(() => canary.close());
  const server = await startWaypost();
  t.after(server.stop);
  const at = (url) => channelAt({ base: url }, 'c');
  for (const [id, ...urls] of [
    ['canary', `http://127.0.0.1:${canary.address().port}`],
    ['J18', 'http://169.254.169.254/latest/', 'http://100.100.100.200/'],
    ['J19', 'http://10.0.0.1/', 'http://192.168.0.1', 'http://172.16.0.1', 'http://100.64.0.1'],
    ['J20', 'http://2130706433/', 'http://0x7f000001/', 'http://127.1/', 'http://0/', 'http://017700000001/'],
    ['J21', 'http://[::1]/', 'http://[::ffff:127.0.0.1]/', 'http://[fd00::1]/', 'http://[64:ff9b::7f00:1]/'],
    ['J22', 'http://ok.com@127.0.0.1/', 'http://localhost./', 'http://127。0。0。1/'],
    ['J23', 'file:///etc/passwd', 'gopher://a.example/', 'dict://a.example/', 'ftp://a.example/', 'unix:/run/a'],
  ]) {
    for (const url of urls) assert.deepEqual(await refusal(server, 'PUT', '/v1/channels/c', at(url)), { status: 422, code: 'egress_denied' }, `${id} ${url}`);
  }
  assert.deepEqual((await server.call('GET', '/v1/channels')).channels, []);
  assert.equal(touched, 0);
});

test('mail reaches an SMTP server with a link to unsubscribe, and bad addresses never leave', async (t) => {
  const mails = [];
  const smtp = new SMTPServer({
    authOptional: true, disabledCommands: ['STARTTLS'],
    onRcptTo: ({ address }, session, done) => done(address.startsWith('gone') ? Object.assign(new Error('no such mailbox'), { responseCode: 550 }) : undefined),
    onData: (stream, { envelope }, done) => { let data = ''; stream.on('data', (d) => (data += d)); stream.on('end', () => { mails.push({ to: envelope.rcptTo.map((r) => r.address), data }); done(); }); },
  });
  await new Promise((resolve) => smtp.listen(0, '127.0.0.1', resolve));
  t.after(() => smtp.close());
  const server = await startWaypost(undefined, kLoopback);
  t.after(server.stop);
  await server.call('PUT', '/v1/channels/mail', {
    name: 'mail', kind: 'mail', address: 'login', url: `smtp://127.0.0.1:${smtp.server.address().port}`,
    from: 'bank@bank.example', subject: '来自银行', unsubscribe: 'https://bank.example/v1/unsubscribe/default/mail/{{key}}/{{proof}}',
  });
  await server.call('POST', '/v1/journeys', { ...journeyOn('mail', 'Subject: 您好\n\n新的一月，新的开始。\n.\n完'), category: 'marketing', reentry: { policy: 'always' } });
  await signUp(server, 'ann@mail.example', 'gone@mail.example', 'x@y\r\nRCPT TO:<z@z.example>'); // T16
  const messages = await eventually('mails', async () => { const m = await messagesOf(server, 'mail'); return m.accepted === 1 && m.rejected === 2 && m; });
  assert.equal(messages.unknown, undefined);
  assert.equal(mails.length, 1);
  assert.deepEqual(mails[0].to, ['ann@mail.example']);
  const [head, body] = mails[0].data.split('\r\n\r\n');
  const [, link] = head.match(/^List-Unsubscribe: <https:\/\/bank\.example(\/v1\/unsubscribe\/default\/mail\/[0-9a-f]{32}\/[0-9a-f]{32})>\r$/m);
  assert.match(head, /^List-Unsubscribe-Post: List-Unsubscribe=One-Click\r$/m);
  assert.match(head, /^Message-ID: <[0-9a-f]{32}@bank\.example>\r$/m);
  assert.equal(Buffer.from(body, 'base64').toString(), '新的一月，新的开始。\n.\n完');
  // T26: a scanner that opens the link unsubscribes nobody; the button does, for this kind of mail, and once more changes nothing.
  const consents = async () => (await server.call('GET', '/v1/journeys/mail')).watched.opted_out;
  const page = async (where, method, body) => { const answer = await fetch(server.base + where, { method, body }); return { status: answer.status, type: answer.headers.get('content-type'), text: await answer.text() }; };
  for (let i = 0; i < 2; ++i) {
    const asked = await page(link, 'GET');
    assert.deepEqual([asked.status, asked.type, /退订/.test(asked.text), /Unsubscribe/.test(asked.text), /method="post"/.test(asked.text)], [200, 'text/html; charset=utf-8', true, true, true]);
  }
  assert.equal(await consents(), 0);
  for (let i = 0; i < 2; ++i) assert.match((await page(link, 'POST', new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }))).text, /已退订[^]*You are unsubscribed/);
  assert.equal(await consents(), 1);
  const batch = [{ type: 'track', userId: 'ann@mail.example', messageId: 'again', event: 'Signed Up' }];
  await fetch(`${server.base}/v1/batch`, { method: 'POST', body: JSON.stringify({ writeKey: kWriteKey, batch }), headers: { 'content-type': 'application/json' } });
  await eventually('the refusal', async () => (await messagesOf(server, 'mail')).not_permitted === 1);
  assert.equal(mails.length, 1);
  const other = link.slice(0, -1) + (link.endsWith('0') ? '1' : '0');
  const refuses = (refused, status, text) => assert.deepEqual([refused.status, refused.type, refused.text.match(text)?.length], [status, 'text/html; charset=utf-8', 1]);
  for (const method of ['GET', 'POST']) refuses(await page(other, method), 404, /链接无效或已过期[^]*has expired/);
  for (let i = 0; i < 18; ++i) await page(other, 'GET');
  refuses(await page(link, 'POST'), 429, /稍后再试[^]*try again later/); // who guesses waits
});

test('changes of a tag are pushed at least once, signed and in order, over a kill; what is refused waits to be looked at; files come too', async (t) => {
  let server = await startWaypost(undefined, kLoopback);
  t.after(() => server.stop());
  let closed = false;
  const provider = await startProvider({ mood: (key, attempt) => (closed || attempt === 0 ? 'busy' : provider.addresses.get(key) === 'bob' ? 'refused in success' : 'ok') });
  t.after(provider.stop);
  const described = channelAt(provider, 'crm', { secrets: ['app_key'], sign: { over: '{{time}}.{{body}}', secret: 'app_key' } });
  described.request.headers['X-Signature'] = 't={{time}},v1={{sign}}';
  await server.call('PUT', '/v1/channels/crm', described);
  await server.call('PUT', '/v1/channels/crm/secrets', { app_key: 'very-secret-indeed' });
  await signUp(server, 'old');
  const made = { id: 'stage', owner: 'li', refresh: 'live', make: { kind: 'layers', layers: [{ value: '新', eql: 'DID("Signed Up")' }] } };
  await eventually('the tag', () => server.call('POST', '/v1/tags', made));
  const order = { name: '给 CRM', tags: ['stage'], channel: 'crm' };
  assert.deepEqual(await refusal(server, 'PUT', '/v1/deliveries/crm', order), { status: 422, code: 'bad_tag' }); // not certified
  await server.call('POST', '/v1/tags/stage/steps/submit');
  const { key } = await server.call('POST', '/v1/keys', { id: 'other', rights: ['tags.approve'], days: 1 });
  assert.ok((await fetch(`${server.base}/v1/tags/stage/certify`, { method: 'POST', headers: { authorization: `Bearer ${key}` } })).ok);
  assert.deepEqual(await refusal(server, 'PUT', '/v1/deliveries/crm', { ...order, channel: 'crn' }), { status: 404, code: 'not_found' });
  await server.call('PUT', '/v1/deliveries/crm', order);
  assert.deepEqual(await refusal(server, 'DELETE', '/v1/channels/nothing'), { status: 404, code: 'not_found' });
  const pushes = async () => (await server.call('GET', '/v1/deliveries/crm')).pushes;
  const valueOf = async (who) => (await server.call('POST', '/v1/tags/lookup', { key: 'login', values: [who], tags: ['stage'] })).items[0].tags?.stage;
  await eventually('the values', async () => (await valueOf('old')) === '新');
  await eventually('values are written down', async () => fs.existsSync(path.join(server.data, 'projects/default/deliveries/crm-stage.values')));

  await signUp(server, 'ann');
  await eventually('ann is told', async () => (await pushes()).sent === 1);
  const [{ headers, body }] = provider.bodies.filter((one) => JSON.parse(one.body).to === 'ann');
  const time = headers['x-signature'].match(/^t=(\d+)/)[1];
  const { createHmac } = await import('node:crypto');
  assert.equal(headers['x-signature'], `t=${time},v1=${createHmac('sha256', 'very-secret-indeed').update(`${time}.${body}`).digest('hex')}`);
  const change = JSON.parse(JSON.parse(body).text);
  assert.deepEqual([change.tag, change.customer, change.before, change.after], ['stage', { key: 'login', value: 'ann' }, null, '新']);
  assert.equal(new Set(provider.bodies.map((one) => JSON.parse(one.body).ref)).size, 1); // the same key again

  await signUp(server, 'bob');
  await eventually('bob is given up', async () => (await pushes()).dead_count === 1);
  assert.deepEqual((await pushes()).dead.map((one) => [one.customer.value, one.after]), [['bob', '新']]);

  closed = true;
  await signUp(server, 'eve');
  await eventually('eve waits', async () => (await pushes()).waiting === 1);
  await server.kill();
  server = await startWaypost(server.data, kLoopback);
  assert.equal((await pushes()).dead_count, 1);
  closed = false;
  await eventually('eve is told', async () => provider.reached.size === 2 && (await pushes()).sent === 2);
  assert.deepEqual([...provider.reached.keys()].map((ref) => provider.addresses.get(ref)), ['ann', 'eve']);

  await server.call('PUT', '/v1/deliveries/all', { name: '全量', tags: ['stage'], format: 'csv', schedule: { cron: '30 2 * * *' } });
  const file = await server.call('POST', '/v1/deliveries/all/run');
  assert.equal(file.rows, 4);
  assert.match(fs.readFileSync(file.path, 'utf8'), /stage[^]*ann[^]*新/);
  assert.ok(file.path.startsWith(path.join(server.data, 'exports')));
  assert.deepEqual(await refusal(server, 'DELETE', '/v1/tags/stage'), { status: 409, code: 'in_use' });
  const { records } = await server.call('GET', '/v1/audit');
  assert.ok(records.some((record) => record.what === 'delivery.file'), JSON.stringify(records[0]));
  const command = async (...words) => JSON.parse((await promisify(execFile)(path.join(kBuild, 'src/server/waypost'), ['delivery', ...words, '--data', server.data, '--listen-port', String(server.port)],
    { env: { ...process.env, WAYPOST_API_TOKEN: kApiToken } })).stdout);
  assert.deepEqual((await command('list')).items.map(({ id }) => id), ['all', 'crm']);
  assert.equal((await command('run', 'all')).rows, file.rows);
  assert.equal((await command('show', 'all')).files.length, 2);
  assert.equal((await command('remove', 'crm')).status, 'removed');
  const nowhere = path.join(server.data, 'nowhere');
  const lost = await promisify(execFile)(path.join(kBuild, 'src/server/waypost'), ['delivery', 'list', '--data', nowhere]).catch((failed) => failed);
  assert.match(lost.stderr, /no server was started with its data in/);
  await server.call('DELETE', '/v1/deliveries/all');
});

// One provider of everything, which meets each address in its own way.
// J085: how a call of three is met at first, what each came to, and how often it was in a call.
const kTogether = [
  { id: 'parts', mood: (to) => (to.endsWith('2') ? 'refused in success' : 'ok'), accepted: 2, rejected: 1, calls: 1 },
  { id: 'silent', mood: () => 'nothing said', accepted: 3, rejected: 0, calls: 1 },
  { id: 'broken', mood: (to, attempt) => (attempt === 0 ? 'error after accept' : 'ok'), accepted: 3, rejected: 0, calls: 2 },
];

test('several messages go in one call, and each has its own way from there', async (t) => {
  const server = await startWaypost(undefined, kLoopback);
  t.after(server.stop);
  const providers = [];
  for (const { id, mood } of kTogether) {
    const provider = await startProvider({ keys: true, mood: (key, attempt, to) => mood(to, attempt) });
    t.after(provider.stop);
    providers.push(provider);
    await server.call('PUT', `/v1/channels/${id}`, channelAt(provider, id, batchAt(3)));
    const journey = journeyOn(id);
    await server.call('POST', '/v1/journeys', { ...journey, nodes: [...journey.nodes, { id: 'failed', type: 'exit' }], edges: [...journey.edges, { from: 'hello', to: 'failed', when: 'failed' }] });
  }
  await server.call('PUT', '/v1/journeys/messages/hold', { held: true });
  await signUp(server, 'u1', 'u2', 'u3');
  await eventually('all are planned', async () => (await Promise.all(kTogether.map(({ id }) => messagesOf(server, id)))).every((m) => m.planned === 3));
  await server.call('PUT', '/v1/journeys/messages/hold', { held: false });
  for (const [i, { id, accepted, rejected, calls }] of kTogether.entries()) {
    const shown = await eventually(`settled: ${id}`, async () => {
      const one = await server.call('GET', `/v1/journeys/${id}`);
      const { messages } = one.nodes.find((node) => node.id === 'hello');
      return messages.accepted === accepted && (messages.rejected ?? 0) === rejected && one;
    });
    const { in: failed, left } = shown.nodes.find((node) => node.id === 'failed');
    assert.deepEqual(left ?? {}, rejected > 0 ? { completed: rejected } : {}, `${id}: who left from there, and why`);
    assert.deepEqual([failed ?? 0, shown.active], [rejected, accepted], `J085 ${id}`);
    assert.equal(JSON.parse(providers[i].bodies[0].body).length, 3, id);
    assert.deepEqual([...providers[i].attempts.values()], [calls, calls, calls], id);
    assert.deepEqual([...providers[i].reached.values()], Array(accepted).fill(1), id);
  }
});

test('what a provider answers says when it is tried again, what is known of it, and what it takes back', async (t) => {
  const calls = [];
  // J084
  const replies = { twice: [500, 500, 200], wrong: [400], later: [429, 200] };
  const provider = http.createServer((request, response) => {
    let body = '';
    request.on('data', (data) => (body += data)).on('end', () => {
      const call = { at: Date.now(), method: request.method, path: request.url, ...(body && JSON.parse(body)) };
      calls.push(call);
      const before = calls.filter((c) => c.to === call.to && c.method === 'POST').length - 1;
      const status = request.method === 'DELETE' ? 200 : replies[call.to]?.[before] ?? 200;
      response.writeHead(status, { 'content-type': 'application/json', ...(status === 429 && { 'retry-after': '2' }) });
      response.end(JSON.stringify({ data: { coupon: `C-${call.ref}` } }));
    });
  });
  await new Promise((resolve) => provider.listen(0, '127.0.0.1', resolve));
  t.after(() => { provider.closeAllConnections(); provider.close(); });
  const base = `http://127.0.0.1:${provider.address().port}`;
  const server = await startWaypost(undefined, kLoopback);
  t.after(server.stop);
  const described = {
    name: 'task', kind: 'http', address: 'login', repeatable: true,
    request: { url: `${base}/tasks`, headers: { 'Content-Type': 'application/json' }, body: '{"to":"{{address}}","text":"{{text}}","ref":"{{key}}"}' },
    capture: { coupon: '/data/coupon' },
    recall: { request: { method: 'DELETE', url: `${base}/tasks/{{key}}` } },
  };
  assert.deepEqual(await refusal(server, 'PUT', '/v1/channels/task', { ...described, capture: { coupon: 'data' } }), { status: 422, code: 'channel_invalid' });
  await server.call('PUT', '/v1/channels/task', described);
  await server.call('PUT', '/v1/journeys/messages/policy', { channels: [{ name: 'task', recall: true }] });
  const nodes = [
    { id: 'start', type: 'entry' }, { id: 'hello', type: 'send', channel: 'task', text: 'first' },
    { id: 'code', type: 'send', channel: 'task', text: 'code {{coupon}}' }, { id: 'no', type: 'exit' }, { id: 'stay', type: 'wait', for: '30d' },
  ];
  const edges = [['start', 'hello'], ['hello', 'code'], ['hello', 'no', 'failed'], ['code', 'stay']].map(([from, to, when]) => ({ from, to, when }));
  await server.call('POST', '/v1/journeys', { id: 'task', category: 'service', entry: { kind: 'event', on: 'Signed Up' }, goal: { event: 'Bought' }, nodes, edges });
  const sentTo = (to) => calls.filter((c) => c.to === to && c.text === 'first');
  const gotCode = (to) => calls.find((c) => c.to === to && c.text !== 'first');

  await signUp(server, 'twice', 'wrong', 'later');
  for (const [to, attempts] of [['twice', 3], ['later', 2]]) {
    const second = await eventually(`the next message of ${to}`, async () => gotCode(to));
    assert.equal(sentTo(to).length, attempts, to);
    assert.equal(new Set(sentTo(to).map((c) => c.ref)).size, 1, `${to}: one key`);
    assert.equal(second.text, `code C-${sentTo(to)[0].ref}`);
  }
  assert.ok(sentTo('later')[1].at - sentTo('later')[0].at >= 1_950, 'as the provider said');
  assert.equal(sentTo('wrong').length, 1);
  assert.equal(gotCode('wrong'), undefined);

  // Who bought needs no call any more.
  const bought = { writeKey: kWriteKey, batch: [{ type: 'track', userId: 'later', messageId: 'b', event: 'Bought' }] };
  await fetch(`${server.base}/v1/batch`, { method: 'POST', body: JSON.stringify(bought), headers: { 'content-type': 'application/json' } });
  await eventually('both are taken back', async () => calls.filter((c) => c.method === 'DELETE').length === 2);
  assert.deepEqual(calls.filter((c) => c.method === 'DELETE').map((c) => c.path.split('/').pop()).sort(), [sentTo('later')[0].ref, gotCode('later').ref].sort());
  await eventually('cancelled', async () => (await messagesOf(server, 'task')).cancelled === 1);
});
