import { applied, boardOf, moved, rangeOf } from './board';
import { inSegment, portraitOf } from './portrait';
import { firstTrends, type Condition } from './question';

const shanghai: Condition = { customer: 'city', op: '=', value: '上海' };

test.each([
  ['30', { last: 30, unit: 'day' }],
  ['2026-03-01..2026-04-01', { from: '2026-03-01', to: '2026-04-01' }],
  ['', undefined], ['0', undefined], ['x', undefined], ['2026-03-01..', undefined],
])('the range %s', (text, expected) => expect(rangeOf(text)).toEqual(expected));

test('range and customers of the dashboard are asked of every question that can be', () => {
  const trends = { ...firstTrends('UTC'), who: [{ customer: 'vip', op: '=', value: 1 }] };
  expect(applied(trends, { last: 7, unit: 'day' }, [shanghai])).toEqual({ question: { ...trends, range: { last: 7, unit: 'day' }, who: [...trends.who, shanghai] }, limited: true });
  expect(applied(trends, undefined, [])).toEqual({ question: trends, limited: true });
  const portrait = portraitOf(['vip']);
  expect(applied(portrait, { last: 7, unit: 'day' }, [shanghai])).toEqual({ question: { ...portrait, who: [shanghai] }, limited: true });
  const based = { ...portrait, who: inSegment('new') };
  expect(applied(based, undefined, [shanghai])).toEqual({ question: based, limited: false });
});

test('a body is read as it can be', () => {
  expect(boardOf({ body: {} })).toEqual({ tiles: [] });
  expect(boardOf({ body: { tiles: [{ question: 'a', size: 'whole' }, { question: 'b' }] } })).toEqual({ tiles: [{ question: 'a', size: 'whole' }, { question: 'b', size: 'half' }] });
});

test.each([[0, 2, 'bca'], [2, 0, 'cab'], [1, 1, 'abc']])('a tile goes from %d to %d', (from, to, expected) => {
  const tiles = [...'abc'].map((question) => ({ question, size: 'half' as const }));
  expect(moved(tiles, from, to).map(({ question }) => question).join('')).toBe(expected);
});
