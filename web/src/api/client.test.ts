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
  expect(problem).toMatchObject({ status: 422, code: 'bad_question', words: { zh: '不行', en: 'steps[0]: no' }, place: { where: 'steps[0]' }, requestId: 'r1' });
});

test.each([
  ['a place and values', { message: "who: line 1, column 2: there is no event 'a'", message_zh: 'who：第 1 行第 2 列：没有事件“a”', where: 'who', line: 1, column: 2, values: { given: 'a' } }, ["there is no event 'a'", '没有事件“a”', 'who：第 1 行第 2 列：没有事件“a”']],
  ['a path', { message: 'steps: odd', message_zh: 'steps：怪', where: 'steps', values: {} }, ['odd', '怪', 'steps：怪']],
  ['no values: the Chinese words are general, and the English follow', { message: 'line 1, column 2: odd', message_zh: '规则有误。', line: 1, column: 2 }, ['odd', '规则有误。 odd', '规则有误。 line 1, column 2: odd']],
  ['no place', { message: 'Not now.', message_zh: '稍后再试。', values: {} }, ['Not now.', '稍后再试。', '稍后再试。']],
])('what is wrong is told without the place, and with it: %s', async (_, error, expected) => {
  answer(422, JSON.stringify({ error: { code: 'eql_unknown', request_id: 'r1', ...error } }));
  const problem = (await call('ask', { body: { ask: 'funnel' } }).catch((caught: unknown) => caught)) as Problem;
  expect([problem.what('en'), problem.what('zh'), problem.told('zh')]).toEqual(expected);
});

test('an answer that is no JSON and a server that is away are told apart', async () => {
  answer(502, '<html>', { 'X-Request-Id': 'r2' });
  expect(await call('showPlan').catch((error: unknown) => error)).toMatchObject({ status: 502, code: 'unreadable', requestId: 'r2' });
  vi.stubGlobal('fetch', vi.fn().mockRejectedValue(new TypeError('refused')));
  expect(await call('showPlan').catch((error: unknown) => error)).toMatchObject({ status: 0, code: 'offline' });
});
