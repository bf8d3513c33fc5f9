import { behind, groupName } from './answer';
import { isIn } from './fault';
import { firstFunnel, firstRetention, firstTrends, needsList, needsValue, opsOf, picked, suggestedStart, suggestedSteps, tidy } from './question';

const events = (...names: string[]) => names.map((name, index) => ({ name, count: index }));

test.each([
  ['steps[1]', ['steps[1]', 'steps'], ['steps[0]', 'steps[10]', 'step']],
  ['steps[1].where[0].op', ['steps[1]', 'steps[1].where[0]'], ['steps[1].where[1]', 'who']],
  ['range.last', ['range'], ['ran']],
])('%s is shown at its place', (where, inside, outside) => {
  for (const part of inside) expect(isIn({ where, what: '' }, part), part).toBe(true);
  for (const part of outside) expect(isIn({ where, what: '' }, part), part).toBe(false);
});

test('without a fault no place has one', () => expect(isIn(undefined, 'steps')).toBe(false));

test('a first funnel goes from looking to buying when there are such events', () => {
  const bank = events('app_start', 'product_list_view', 'product_detail', 'banner_click', 'buy_click', 'login_success', 'purchase_success');
  expect(suggestedSteps(bank)).toEqual(['product_detail', 'buy_click', 'purchase_success']);
  expect(suggestedStart(bank)).toBe('login_success');
});

test('otherwise it takes the most frequent events', () => {
  expect(suggestedSteps(events('a', 'b', 'c', 'd'))).toEqual(['d', 'c', 'b']);
  expect(suggestedStart([])).toBe('*');
});

test('first questions ask of complete days in the zone of the project', () => {
  for (const question of [firstTrends('Asia/Shanghai'), firstFunnel(events('a'), 'Asia/Shanghai'), firstRetention(events('a'), 'Asia/Shanghai')]) {
    expect(question.zone).toBe('Asia/Shanghai');
    expect(question.range).not.toHaveProperty('include_current');
  }
});

test('the same question has the same address, whatever is empty in it', () => {
  const question = firstTrends('UTC');
  expect(tidy({ ...question, by: [], compare: undefined, who: [] })).toEqual(question);
});

test('an event without conditions is its name', () => {
  expect(picked('pay', [])).toBe('pay');
  expect(picked('pay', [{ property: 'amount', op: '>', value: 1 }])).toEqual({ event: 'pay', where: [{ property: 'amount', op: '>', value: 1 }] });
});

test('operators fit the type', () => {
  expect(opsOf('decimal')).toContain('>=');
  expect(opsOf('string')).not.toContain('>=');
  expect(opsOf('list')).toContain('has any');
  expect(needsValue('is set')).toBe(false);
  expect(needsList('not in') && needsList('has all') && !needsList('contains')).toBe(true);
});

test('customers are asked for with the number and its group', () => {
  const question = firstTrends('UTC');
  expect(behind(question, { measure: 'm1' })).toEqual({ ...question, customers_of: { measure: 'm1' } });
  expect(behind(question, { measure: 'm1' }, ['app', null])).toEqual({ ...question, customers_of: { measure: 'm1', group: ['app', null] } });
});

test('groups have names', () => expect(groupName(['app', null, '$other', 3, true], (key) => `<${key}>`)).toBe('app / <none> / <other> / 3 / <yes>'));
