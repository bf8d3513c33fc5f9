import { bare, changed, first, numbersOf, ownRule, restRule, wordsOf } from './making';

const layers = [{ value: '高', eql: 'a > 9' }, { value: '中', eql: 'a > 5 OR b = 1' }, { value: '低', eql: 'a > 0' }];

test('a layer has whom no layer above has', () => {
  expect(ownRule(layers, 0)).toBe('(a > 9)');
  expect(ownRule(layers, 2)).toBe('(a > 0) AND NOT (a > 9) AND NOT (a > 5 OR b = 1)');
  expect(restRule(layers)).toBe('NOT (a > 9) AND NOT (a > 5 OR b = 1) AND NOT (a > 0)');
});
test('rules are shown as people write them', () =>
  expect(bare({ kind: 'layers', layers: [{ value: '高', eql: 'FIND customer WHERE a > 9' }] })).toEqual({ kind: 'layers', layers: [{ value: '高', eql: 'a > 9' }] }));
test('what is emptied is left out, but for the kind', () => expect(changed(first.preference, { sum: '', top: undefined, property: 'x' })).toEqual({ kind: 'preference', property: 'x' }));
test.each([['1, 5，12', [1, 5, 12]], ['', []], ['1, x', undefined]])('%j are numbers', (text, numbers) => expect(numbersOf(text)).toEqual(numbers));
test('words are what commas part', () => expect(wordsOf('沉睡， 低,高\n')).toEqual(['沉睡', '低', '高']));
