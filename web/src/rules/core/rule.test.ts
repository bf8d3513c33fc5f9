import { markOf } from './place';
import { add, bareRule, completed, edit, isComplete, leafPlaces, membersOf, rootOf, withRoot, type Group, type Rule } from './rule';

test.each([['FIND customer WHERE vip = 1', 'vip = 1'], ['vip = 1', 'vip = 1'], ['FIND customer', ''], ['FIND customer LIMIT 5', 'FIND customer LIMIT 5']])('%s is written %j', (eql, bare) => expect(bareRule(eql)).toBe(bare));

const vip = { field: 'vip', op: '>=', value: 1 }, city = { field: 'city', op: 'in', value: ['上海'] };
const paid = { did: [{ event: 'pay' }], measure: 'count', op: '>=', value: 2 };
const empty = { field: '', op: '=' };

test('a rule of one leaf is shown as a group of one, and no rule is everyone', () => {
  expect(rootOf({ where: vip })).toEqual({ and: [vip] });
  expect(rootOf({})).toEqual({ and: [] });
  expect(withRoot({ find: 'customer', limit: 5, where: vip }, { and: [] })).toEqual({ find: 'customer', limit: 5 });
});

describe('edits', () => {
  const root: Group = { and: [vip, { or: [city, paid] }, { not: { list: 'blocked' } }] };
  test('change what stands at a place alone', () =>
    expect(edit(root, [1, 0], () => vip)).toEqual({ and: [vip, { or: [vip, paid] }, { not: { list: 'blocked' } }] }));
  test('leave no group of nothing behind', () => {
    const once = edit(root, [1, 0], () => undefined);
    expect(once).toEqual({ and: [vip, { or: [paid] }, { not: { list: 'blocked' } }] });
    expect(edit(once, [1, 0], () => undefined)).toEqual({ and: [vip, { not: { list: 'blocked' } }] });
  });
  test('add at the end of a group', () => {
    expect(membersOf(add(root, [], paid)).at(-1)).toEqual(paid);
    expect(add(root, [1], vip)).toEqual({ and: [vip, { or: [city, paid, vip] }, { not: { list: 'blocked' } }] });
  });
  test('join an or at the root as an and', () => expect(add({ or: [vip] }, [], paid)).toEqual({ or: [vip, paid] }));
});

const cases: [string, Rule, boolean][] = [
  ['a field without a name', empty, false],
  ['a field without a value', { field: 'vip', op: '=' }, false],
  ['a value of 0', { field: 'vip', op: '=', value: 0 }, true],
  ['false', { field: 'vip', op: '=', value: false }, true],
  ['nothing to compare with', { field: 'vip', op: 'is null' }, true],
  ['half a range', { field: 'vip', op: 'between', value: [1, undefined] }, false],
  ['an empty list', { field: 'vip', op: 'in', value: [] }, false],
  ['an event without a name', { did: [{ event: '' }], measure: 'count', op: '>=', value: 1 }, false],
  ['a sum of nothing', { ...paid, measure: 'sum' }, false],
  ['a sum of something', { ...paid, measure: 'sum', property: 'amount' }, true],
  ['an event whose filter is not complete', { ...paid, where: empty }, false],
  ['no to what is not complete', { not: empty }, false],
  ['a tag without a value', { tag: 'tier', op: '=' }, false],
  ['a tag that has any value', { tag: 'tier', op: 'is not null' }, true],
  ['a tag of another day', { tag: 'tier', at: '2026-03-01', op: '=', value: '高' }, true],
  ['a sequence that lacks a step', { seq: [{ events: [{ event: 'a' }] }, { events: [{ event: '' }] }] }, false],
];
test.each(cases)('%s: complete %s %s', (_, rule, expected) => expect(isComplete(rule)).toBe(expected));

test('what is not complete is not asked, and the counts still find their places', () => {
  const root: Group = { and: [empty, vip, { or: [empty, paid] }, { or: [empty] }, { not: { and: [vip, city] } }] };
  expect(completed(root)).toEqual({ and: [vip, { or: [paid] }, { not: { and: [vip, city] } }] });
  expect(leafPlaces(root)).toEqual([[1], [2, 1], [4], [4]]);
});

test.each([
  ['vip >= 1 AND DID(transfr)', { line: 1, column: 18 }, 'transfr'],
  ['vip >=', { line: 1, column: 7 }, '='],
  ['城市 = 上海\nAND vipp = 1', { line: 2, column: 5 }, 'vipp'],
  ['a', { where: 'where.and[0]' }, undefined],
])('a fault of "%s" is marked where it stands', (text, place, marked) => {
  const mark = markOf(text, place);
  expect(mark && text.slice(...mark)).toBe(marked);
});
