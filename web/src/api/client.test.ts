// @vitest-environment jsdom
import { call, Problem } from './client';

function answer(status: number, body: string, headers: Record<string, string> = {}) {
  const fetched = vi.fn().mockResolvedValue(new Response(body, { status, headers }));
  vi.stubGlobal('fetch', fetched);
  return fetched;
}

afterEach(() => vi.unstubAllGlobals());

test('every call proves that it comes from our page', async () => {
  const fetched = answer(200, '{"items":[]}');
  await call('showRecentEvents', { query: { limit: 5 }, background: true });
  expect(fetched).toHaveBeenCalledWith('/v1/events/recent?limit=5', expect.objectContaining({ method: 'GET', headers: { 'X-Waypost': 'background' } }));
  await call('openSession', { body: { name: 'x', password: 'y' } }).catch(() => undefined);
  expect(fetched).toHaveBeenLastCalledWith('/v1/session', expect.objectContaining({ method: 'POST', body: '{"name":"x","password":"y"}', headers: { 'X-Waypost': 'console' } }));
});

test('a refusal keeps the words of both languages, the place and the id', async () => {
  answer(422, '{"error":{"code":"bad_question","message":"steps[0]: no","message_zh":"不行","where":"steps[0]","request_id":"r1"}}');
  const problem = await call('ask', { body: { ask: 'funnel' } }).catch((error: unknown) => error);
  expect(problem).toBeInstanceOf(Problem);
  expect(problem).toMatchObject({ status: 422, code: 'bad_question', words: { zh: '不行', en: 'steps[0]: no' }, where: 'steps[0]', requestId: 'r1' });
});

test('words with values say all in Chinese; without, the English words are added', async () => {
  answer(422, '{"error":{"code":"eql_unknown","message":"line 1, column 2: there is no event \'a\'","message_zh":"第 1 行第 2 列：没有事件“a”","values":{"given":"a"},"request_id":"r1"}}');
  const said = (await call('ask', { body: { ask: 'funnel' } }).catch((error: unknown) => error)) as Problem;
  expect([said.inChinese("there is no event 'a'"), said.told('zh'), said.told('en')]).toEqual(['没有事件“a”', '第 1 行第 2 列：没有事件“a”', "line 1, column 2: there is no event 'a'"]);
  answer(422, '{"error":{"code":"eql_unknown","message":"line 1, column 2: odd","message_zh":"规则有误。","request_id":"r1"}}');
  const general = (await call('ask', { body: { ask: 'funnel' } }).catch((error: unknown) => error)) as Problem;
  expect([general.inChinese('odd'), general.told('zh')]).toEqual(['规则有误。 odd', '规则有误。 line 1, column 2: odd']);
});

test('an answer that is no JSON and a server that is away are told apart', async () => {
  answer(502, '<html>', { 'X-Request-Id': 'r2' });
  expect(await call('showPlan').catch((error: unknown) => error)).toMatchObject({ status: 502, code: 'unreadable', requestId: 'r2' });
  vi.stubGlobal('fetch', vi.fn().mockRejectedValue(new TypeError('refused')));
  expect(await call('showPlan').catch((error: unknown) => error)).toMatchObject({ status: 0, code: 'offline' });
});
