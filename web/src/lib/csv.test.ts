import { csv } from './csv';

test('rows are lines, and what would break a line is quoted', () =>
  expect(csv([['a', 1, null], ['b,c', 2.5, 'say "hi"'], ['two\nlines', undefined, '上海']])).toBe('a,1,\r\n"b,c",2.5,"say ""hi"""\r\n"two\nlines",,上海\r\n'));

test.each(['=1+1', '+1', '-1', '@x', '\tx', '\rx'])('%j is no formula', (text) => expect(csv([[text]])).toMatch(/^"?'/));
test.each(['＝1+1', '＋1', '－1', '＠x', '\n=1'])('%j, which some spreadsheets take for one, is none either', (text) => expect(csv([[text]])).toMatch(/^"?'/));
test.each(['a;=1+1', 'a\t=1+1'])('%j stays one cell where ; or a tab parts cells', (text) => expect(csv([[text]])).toBe(`"${text}"\r\n`));
test('a negative number stays a number', () => expect(csv([[-1]])).toBe('-1\r\n'));
