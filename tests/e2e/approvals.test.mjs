// Approvals by other systems, handed on to others, and of what is not a journey.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import test from 'node:test';
import { Analytics } from '@segment/analytics-node';
import { eventually, kWriteKey, startWaypost } from './harness.mjs';

const kVoter = { name_zh: '复核', name_en: 'checker', rights: ['journeys.view', 'journeys.approve'] };
const journey = (text) => ({
  id: 'j', name: '旅程', entry: { kind: 'api' },
  nodes: [{ id: 'start', type: 'entry' }, { id: 'hello', type: 'send', channel: 'sms', text }],
  edges: [{ from: 'start', to: 'hello' }],
});

async function begin(t) {
  const server = await startWaypost();
  t.after(server.stop);
  const send = async (method, path, body, headers = { authorization: 'Bearer e2e-api-token' }) => {
    const answer = await fetch(server.base + path, { method, body: typeof body === 'string' ? body : JSON.stringify(body), headers });
    const text = await answer.text();
    let said = {};
    try { said = JSON.parse(text); } catch { /* a file */ }
    return { status: answer.status, ...said };
  };
  await server.call('PUT', '/v1/roles/checker', kVoter);
  const as = (cookie) => ({ cookie, origin: server.base, 'x-waypost': 'console' });
  return { server, send, as, call: server.call };
}

test('another system answers once, in time, and for what it was asked', async (t) => {
  const { call, send } = await begin(t);
  await call('PUT', '/v1/approvals/flows/journey', { levels: [{ name: 'OA', external: 'oa', within_hours: 48 }] });
  const { secret } = await call('PUT', '/v1/approvals/externals/oa');
  assert.notEqual(secret, (await call('PUT', '/v1/approvals/externals/erp')).secret, 'each its own');
  const { hash } = await call('POST', '/v1/approvals/journey/j', journey('您好'));
  const answer = (body, { at = 'journey/j', time = Math.floor(Date.now() / 1000), key = secret, system = 'oa', about = at } = {}) => {
    const text = JSON.stringify(body), sign = createHmac('sha256', key).update(`${time}.${about}.${text}`).digest('hex');
    return send('POST', `/v1/approvals/externals/default/${system}/${at}?time=${time}&sign=${sign}`, text, {});
  };
  const yes = { hash, yes: true, by: 'boss' };
  const tries = [
    ['another secret', answer(yes, { key: 'wrong' }), 401], ['too old', answer(yes, { time: Math.floor(Date.now() / 1000) - 301 }), 401],
    ['no time', answer(yes, { time: 'now' }), 401], ['signed for another', answer(yes, { about: 'journey/k' }), 401],
    ['another system', answer(yes, { system: 'erp' }), 401], ['other content', answer({ ...yes, hash: '0'.repeat(64) }), 409],
    ['who asked', answer({ ...yes, by: 'token' }), 409],
  ];
  for (const [why, said, status] of tries) assert.equal((await said).status, status, why);
  assert.equal((await send('POST', '/v1/journeys', journey('您好'))).status, 409);
  for (let i = 0; i < 2; ++i) {
    const { status, state, ballots } = await answer(yes);
    assert.deepEqual([status, state, ballots.length], [200, 'approved', 1]);
  }
  assert.equal((await answer({ ...yes, yes: false })).status, 409, 'it said otherwise');
  assert.equal((await send('POST', '/v1/journeys', journey('您好!'))).status, 409, 'another text');
  assert.equal((await call('POST', '/v1/journeys', journey('您好'))).version, 1);
  const { records } = await call('GET', '/v1/audit?limit=50');
  assert.ok(records.some(({ what, status }) => what === 'approval.answered' && status === 200), 'the audit log has it');
});

test('what could not be put in force were it approved is not asked for, and says why', async (t) => {
  const { call, send } = await begin(t);
  for (const kind of ['template', 'text']) await call('PUT', `/v1/approvals/flows/${kind}`, { levels: [{ name: '合规', rule: 'any', people: ['li'] }] });
  const text = (said) => ({ name: '问候', shared: true, body: { text: said, channel: 'sms', category: 'marketing' } });
  const drawn = { ...journey('您好'), edges: [] };
  for (const [what, path, body, why] of [
    ['no way to refuse', 'text/hello', text('【银行】您好'), /refuse/],
    ['nothing leads there', 'template/t', { name: '模板', journey: drawn, open: [] }, /unreachable/], ['no journey', 'template/t', { name: '模板', open: [] }, /journey/],
  ]) {
    const { status, error } = await send('POST', `/v1/approvals/${path}`, body);
    assert.equal(status, 422, what);
    assert.match(error.message, why, what);
  }
  for (const path of ['text/hello', 'template/t']) assert.equal((await send('GET', `/v1/approvals/${path}`)).status, 404, path);
});

test('who is asked hands it on to somebody who may approve', async (t) => {
  const { server, call, send, as } = await begin(t);
  const [li, wang] = [as(await server.addUser('li', '李', ['checker'])), as(await server.addUser('wang', '王', ['checker']))];
  await server.addUser('zhao', '赵', ['analyst']);
  await call('PUT', '/v1/approvals/flows/journey', { levels: [{ name: '合规', rule: 'any', people: ['li'] }] });
  const { hash } = await call('POST', '/v1/approvals/journey/j', journey('您好'));
  const one = '/v1/approvals/journey/j';
  assert.equal((await send('POST', `${one}/votes`, { hash, yes: true }, wang)).status, 409, 'not asked');
  assert.match((await send('POST', `${one}/delegate`, { to: 'zhao' }, li)).error.message, /^Zhao may not approve/);
  assert.equal((await send('POST', `${one}/delegate`, { to: 'wang' }, li)).status, 200);
  assert.equal((await send('POST', `${one}/votes`, { hash, yes: true }, li)).status, 409, 'not any more');
  const { state, delegations } = await send('POST', `${one}/votes`, { hash, yes: true }, wang);
  assert.deepEqual([state, delegations.map(({ from, to }) => `${from}>${to}`)], ['approved', ['li>wang']]);
  assert.equal((await call('POST', '/v1/journeys', journey('您好'))).version, 1);
});

test('templates, texts and files of members are done only as they were approved', async (t) => {
  const { server, call, send, as } = await begin(t);
  const li = as(await server.addUser('li', '李', ['checker']));
  const analytics = new Analytics({ writeKey: kWriteKey, host: server.base, maxEventsInBatch: 1, flushInterval: 20 });
  analytics.identify({ userId: 'ann', traits: { vip: 1 } });
  await analytics.closeAndFlush();
  const approve = async (kind, id, content) => {
    const { hash } = await call('POST', `/v1/approvals/${kind}/${id}`, content);
    assert.equal((await send('POST', `/v1/approvals/${kind}/${id}/votes`, { hash, yes: true }, li)).state, 'approved');
  };
  for (const kind of ['template', 'text', 'export']) {
    await call('PUT', `/v1/approvals/flows/${kind}`, { levels: [{ name: '合规', rule: 'any', people: ['li'] }] });
  }
  const { id: _, ...drawn } = journey('您好');
  const template = { name: '模板', journey: drawn, open: [] };
  const text = { name: '问候', shared: true, body: { text: '【银行】您好，拒收请回复R', channel: 'sms', category: 'marketing' } };
  for (const [kind, method, path, id, content, other] of [
    ['template', 'PUT', '/v1/journeys/templates/t', 't', template, { ...template, name: '别的' }],
    ['text', 'PUT', '/v1/templates/hello', 'hello', text, { ...text, body: { ...text.body, text: '【银行】您好呀，拒收请回复R' } }],
  ]) {
    assert.deepEqual([(await send(method, path, content)).error?.code, kind], ['approval', kind]);
    await approve(kind, id, content);
    assert.equal((await send(method, path, other)).error?.code, 'approval', `${kind}: it was changed`);
    const done = await send(method, path, content);
    assert.equal(done.error, undefined, `${kind}: ${JSON.stringify(done)}`);
  }

  await eventually('ann', async () => (await call('POST', '/v1/eql/estimate', { eql: 'vip = 1' })).count === 1);
  await call('POST', '/v1/segments', { id: 'vips', eql: 'vip = 1' });
  await call('POST', '/v1/segments/vips/run');
  const ask = { format: 'csv', attributes: ['vip'] }, download = (body) => send('POST', '/v1/segments/vips/download', body);
  assert.equal((await download(ask)).error?.code, 'approval');
  await approve('export', 'vips', { id: 'vips', run: 1, ask });
  assert.equal((await download({ ...ask, attributes: [] })).error?.code, 'approval', 'other attributes');
  assert.equal((await download(ask)).status, 200);
  await call('POST', '/v1/segments/vips/run');
  assert.equal((await download(ask)).error?.code, 'approval', 'a run that came after is for others');
});
