// Texts of messages: hostile data stays data, hostile templates are refused, and what a bank may not send is
// not published where it would reach somebody.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { channelAt, startProvider } from '../provider.mjs';
import { eventually, kWriteKey, startWaypost } from './harness.mjs';

// id, the template, channel, status, code.
const kTemplates = [
  ['T02', 'a\n{{constructor.constructor("return 1")()}}', 'push', 422, 'template_invalid'],
  ['T06', '<a href="java&#10;script:alert(1)">x</a>', 'mail', 422, 'template_invalid'],
  ['T14', '{{user.id_card}}', 'push', 422, 'template_invalid'],
  ['T14', '{{user.cvv}}', 'push', 422, 'template_invalid'],
  ['T18', '双十一理财节,点击查看', 'sms', 422, 'compliance'],
  ['T19', '【行】保本稳赚,拒收请回复R', 'sms', 422, 'compliance'],
  ['T22', '<p>' + 'a'.repeat(1_048_576), 'mail', 422, 'template_invalid'],
  ['T23', '<img src="http://127.0.0.1:1/x">', 'mail', 422, 'egress_denied'],
  ['T24', '<a href="https://a.b">\u202emoc.knab</a>', 'mail', 422, 'template_invalid'],
  ['ok', '【银行】{{name|default:"客户"}}您好，拒收请回复R', 'sms', 200, undefined],
];
// id, the template, the value of "name", what leaves or the code.
const kFilled = [
  ['T01', '您好 {{name}}', '{{7*7}} ${7*7} <%=7*7%> #{7*7}', '您好 {{7*7}} ${7*7} <%=7*7%> #{7*7}'],
  ['T03', '<p>{{name}}</p>', '<img src=x onerror=alert(1)>', '<p>&lt;img src=x onerror=alert(1)&gt;</p>'],
  ['T07', '<a href="{{name}}">x</a>', 'javascript:alert(1)', '<a href="#">x</a>'],
  ['T11', '{% for i in name %}'.repeat(11) + 'x' + '{% endfor %}'.repeat(11), [1, 2, 3, 4, 5, 6, 7, 8, 9, 0], 'render_limit'],
  ['T13', 'Hi {{user.nick}}', 'x', 'render_error'],
];

test('templates', async (t) => {
  const server = await startWaypost(undefined, ['--egress-allow', '127.0.0.1']);
  t.after(server.stop);
  const post = async (path, body) => {
    const answer = await fetch(server.base + path, { method: 'POST', body: JSON.stringify(body), headers: { authorization: 'Bearer e2e-api-token' } });
    return { status: answer.status, body: await answer.json() };
  };
  for (const [id, text, channel, status, code] of kTemplates) {
    const answer = await post('/v1/templates/check', { text, channel, category: 'marketing' });
    assert.deepEqual([answer.status, answer.body.error?.code], [status, code], `${id}: ${JSON.stringify(answer.body)}`);
  }
  for (const [id, text, name, wanted] of kFilled) {
    const { body } = await post('/v1/templates/preview', { text, values: { name } });
    assert.equal(body.text ?? body.error.code, wanted, id);
  }
  assert.equal((await post('/v1/templates/check', [])).status, 400);

  // Into the sandbox anything may go, with a warning; where it would reach somebody it is not published.
  const journey = (text, extra) => ({
    id: 'j', entry: { kind: 'event', on: 'Signed Up' }, ...extra,
    nodes: [{ id: 'start', type: 'entry' }, { id: 'hello', type: 'send', channel: 'sms', text }, { id: 'stay', type: 'wait', for: '1d' }],
    edges: [{ from: 'start', to: 'hello' }, { from: 'hello', to: 'stay' }],
  });
  const plain = journey('双十一理财节');
  const checked = await post('/v1/journeys/check', plain);
  assert.deepEqual([checked.body.valid, checked.body.faults.filter((f) => f.code === 'compliance').map((f) => [f.node, f.field, f.warning])],
    [true, [['hello', 'text', true], ['hello', 'text', true]]]);
  const provider = await startProvider();
  t.after(provider.stop);
  await server.call('PUT', '/v1/channels/sms', channelAt(provider, 'sms'));
  const refused = await post('/v1/journeys', plain);
  assert.deepEqual([refused.status, refused.body.error.code], [422, 'journey_invalid']);
  assert.equal((await post('/v1/journeys', journey('{{user.cvv}}'))).status, 422);
  await server.call('POST', '/v1/journeys', journey('【银行】{{name|default:"客户"}}，{{amount|money}}元已到账，拒收请回复R'));
  const people = [['ann', { name: '安', amount: 1234567.891 }], ['bob', { amount: 0.5 }], ['eve', { name: '伊' }]];
  const batch = people.map(([userId, properties]) => ({ type: 'track', userId, messageId: `m-${userId}`, event: 'Signed Up', properties }));
  await fetch(`${server.base}/v1/batch`, { method: 'POST', body: JSON.stringify({ writeKey: kWriteKey, batch }), headers: { 'content-type': 'application/json' } });
  // One without a value is skipped with a reason, and the rest go on.
  const { messages } = await eventually('sent', async () => {
    const node = (await server.call('GET', '/v1/journeys/j')).nodes.find((n) => n.id === 'hello');
    return node.messages?.accepted === 2 && node.messages.render_error === 1 && node;
  });
  assert.equal(messages.planned, 2);
  assert.deepEqual(provider.bodies.map((b) => JSON.parse(b.body).text).sort(),
    ['【银行】安，1,234,567.89元已到账，拒收请回复R', '【银行】客户，0.50元已到账，拒收请回复R'].sort());
  const why = await server.call('GET', '/v1/journeys/j/why/login/eve');
  assert.match(why.trace.find((line) => line.reason === 'render_error').detail, /amount has no value/);
  assert.equal(why.refused_now.reason, 'reentry_once');
  assert.deepEqual(why.inside[0].at.map((at) => at.node), ['stay']);
});
