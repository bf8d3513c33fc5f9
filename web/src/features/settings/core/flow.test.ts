import { faultOf, flowOf, formOf, newLevel } from './flow';

const flow = { levels: [{ name: '合规', rule: 1, people: ['ann', 'bob'] }, { name: '主管', rule: 2, people: ['eve', 'li'] }, { name: '总行', rule: 2, people: ['a', 'b', 'c'] }], open_for_days: 7 };

test('what the server counts is said as any, all or so many', () => expect(formOf(flow).levels.map(({ rule, some }) => [rule, some])).toEqual([['any', 1], ['all', 2], ['some', 2]]));
test('a form that was read is the same flow', () => expect(flowOf(formOf(flow))).toEqual({ ...flow, levels: [{ ...flow.levels[0], rule: 'any' }, { ...flow.levels[1], rule: 'all' }, flow.levels[2]] }));
test('a level of another system, with its time, is read and written as it is', () => {
  const outside = { levels: [{ name: 'OA', external: 'oa', within_hours: 48 }] };
  expect(flowOf(formOf(outside))).toEqual(outside);
  expect(faultOf({ ...newLevel(), name: 'OA', external: ' ' })).toBe('levelExternal');
});
test('without days it stays open', () => expect(flowOf(formOf({ levels: [], open_for_days: 0 }))).toEqual({ levels: [] }));
test.each([[newLevel(), 'levelName'], [{ ...newLevel(), name: 'x' }, 'levelPeople'], [{ name: 'x', people: ['a'], rule: 'some' as const, some: 2 }, 'levelSome'], [{ name: 'x', people: ['a'], rule: 'any' as const, some: 9 }, undefined]])('%j', (level, fault) => expect(faultOf(level)).toBe(fault));
