import { csv } from './csv';
import { readCsv, separatorOf } from './csvRead';

test.each([
  ['a,b\r\n1,2\r\n', [['a', 'b'], ['1', '2']]],
  ['\uFEFF姓名,城市\n"王, 芳","上海\n浦东"', [['姓名', '城市'], ['王, 芳', '上海\n浦东']]],
  ['"say ""hi""",\n\n\n,x', [['say "hi"', ''], ['', 'x']]],
  ['never "closed, here', [['never "closed', ' here']]],
  ['"never closed,\nhere', [['never closed,\nhere']]],
  ['', []],
])('%j is read', (text, rows) => expect(readCsv(text)).toEqual(rows));

test('what is written is read again', () => {
  const rows = [['a', '客户 "1"', 'x,y'], ['', 'two\nlines', '3']];
  expect(readCsv(`\uFEFF${csv(rows)}`)).toEqual(rows);
});

test.each([['a;b;c\n1,5;2', ';'], ['a\tb\n1', '\t'], ['a,b', ','], ['a', ',']])('%j is separated', (text, by) => expect(separatorOf(text)).toBe(by));
