import { fieldKey, fieldOf, matrix, portraitOf, ruleOf, sayValue, segmentOf, verdict, type PortraitCell, type PortraitTable } from './portrait';

const cell = (more: Partial<PortraitCell>): PortraitCell => ({ count: 40, share: 0.4, base: 50, base_share: 0.2, tgi: 200, low: 150, high: 260, q: 0.01, ...more });

test.each([
  [{}, 'more'], [{ tgi: 40 }, 'less'], [{ q: 0.05 }, undefined], [{ tgi: null, q: null }, undefined],
] as const)('a cell of %o says %s', (more, expected) => expect(verdict(cell(more))).toBe(expected));

test.each([
  [{ customer: 'city' }, '上海', "city = '上海'"],
  [{ customer: 'city' }, "O'Hara", "city = 'O''Hara'"],
  [{ customer: 'my city' }, 'x', `"my city" = 'x'`],
  [{ tag: 'tier' }, 'high', "TAG(tier) = 'high'"],
  [{ tag: 'likes', type: 'list' }, 'tea', "TAG(likes) HAS ANY ('tea')"],
  [{ customer: 'age' }, { from: 30, to: 50 }, 'age >= 30 AND age < 50'],
  [{ customer: 'age' }, { to: 30 }, 'age < 30'],
  [{ customer: 'vip' }, 2, 'vip = 2'],
  [{ customer: 'staff' }, true, 'staff = true'],
  [{ customer: 'city' }, null, 'city IS NULL'],
  [{ customer: 'city' }, '$other' as const, undefined],
])('a row of %o with %o is a rule', (field, value, expected) => expect(ruleOf(field, value)).toBe(expected));

test('values are said as people say them', () => {
  const say = { other: 'others', none: 'none', yes: 'yes', no: 'no', number: (value: number) => `#${value}` };
  expect(['$other' as const, null, true, 3, 'x', { from: 1 }, { to: 2 }, { from: 1, to: 2 }].map((value) => sayValue(value, say))).toEqual(['others', 'none', 'yes', '#3', 'x', '≥ #1', '< #2', '#1 – #2']);
});

test('a segment is known by its rule, a field by its key', () => {
  const question = portraitOf(['vip', 'new']);
  expect(question.groups.map(({ who }) => segmentOf(who))).toEqual(['vip', 'new']);
  expect(segmentOf({ eql: 'vip >= 1' })).toBeUndefined();
  for (const field of [{ customer: 'a b' }, { tag: 'x' }]) expect(fieldOf(fieldKey(field))).toEqual(field);
});

test('a cross becomes rows and columns, whatever is missing', () => {
  const table: PortraitTable<[string, number]> = { of: [{ customer: 'city' }, { tag: 'tier' }], known: [3], gain: [], psi: [], rows: [{ value: ['a', 1], groups: [cell({})] }, { value: ['b', 2], groups: [cell({})] }, { value: '$other', groups: [cell({})] }] };
  const { rows, columns, cell: at } = matrix(table as never);
  expect([rows, columns]).toEqual([['a', 'b'], [1, 2]]);
  expect([at('a', 1)?.length, at('a', 2)]).toEqual([1, undefined]);
});
