import { csv } from './csv';

test('rows are lines, and what would break a line is quoted', () =>
  expect(csv([['a', 1, null], ['b,c', 2.5, 'say "hi"'], ['two\nlines', undefined, '上海']])).toBe('a,1,\r\n"b,c",2.5,"say ""hi"""\r\n"two\nlines",,上海\r\n'));

test.each(['=1+1', '+1', '-1', '@x', '\tx', '\rx'])('%j is no formula', (text) => expect(csv([[text]])).toMatch(/^"?'/));
test('a negative number stays a number', () => expect(csv([[-1]])).toBe('-1\r\n'));
