import { compareLines, folded } from './lines';

const said = (before: string, after: string) => compareLines([...before], [...after]).map(({ change, text }) => `${{ same: '', out: '-', in: '+' }[change]}${text}`).join(' ');

test.each([
  ['abc', 'abc', 'a b c'],
  ['abc', 'axc', 'a -b +x c'],
  ['', 'ab', '+a +b'],
  ['ab', '', '-a -b'],
  ['abcd', 'bd', '-a b -c d'],
  ['aba', 'ab', 'a b -a'],
])('%s becomes %s', (before, after, expected) => expect(said(before, after)).toBe(expected));

// What is left of either text is that text, whatever the two are.
test('both texts are there, in order', () => {
  for (let seed = 1; seed < 200; ++seed) {
    const letters = (salt: number) => Array.from({ length: (seed * salt) % 9 }, (_, i) => 'abc'[(seed * salt * (i + 3)) % 3]!);
    const a = letters(7), b = letters(5), lines = compareLines(a, b);
    expect(lines.filter(({ change }) => change !== 'in').map(({ text }) => text)).toEqual(a);
    expect(lines.filter(({ change }) => change !== 'out').map(({ text }) => text)).toEqual(b);
  }
});

test('what is far from a change is folded', () => {
  const lines = compareLines([...'0123456789'], [...'01234x56789']);
  expect(folded(lines).map((line) => (typeof line === 'number' ? line : line.text))).toEqual([2, '2', '3', '4', 'x', '5', '6', '7', 2]);
});
