import type { Table } from '../../../api/schema';
import { chunkOf, guess, kChunk, lacks, lineOf } from './upload';
import { changeOf, ownerOf, usersOf } from './declaration';

const holding: Table = { id: 'holding', key: ['holding_id'], belongs_to: 'customer', columns: [{ name: 'holding_id', type: 'string' }, { name: 'amount', type: 'decimal', zh: '金额' }, { name: 'product_id', type: 'string', refers: 'product' }] };
const product: Table = { id: 'product', key: ['product_id'], columns: [{ name: 'product_id', type: 'string' }] };
const loose: Table = { id: 'loose', belongs_to: { table: 'holding', by: 'holding_id' }, columns: [{ name: 'holding_id', type: 'string', refers: 'holding' }] };

test('headings are known by the name of a column, in either language', () =>
  expect(guess(holding, ['Login', 'holding_id', ' 金额 '])).toEqual({ from: { holding_id: 'holding_id', amount: ' 金额 ' }, identity: { key: 'login', heading: 'Login' } }));

test('a row cannot be sent without its key and whose it is', () => {
  expect(lacks(holding, guess(holding, ['金额']))).toEqual(['holding_id', 'identity']);
  expect(lacks(product, guess(product, ['product_id']))).toEqual([]);
});

test('a chunk has the rows from its beginning, without what is empty', () => {
  const headings = ['login', 'holding_id', '金额'];
  const rows = Array.from({ length: kChunk + 2 }, (_, i) => ['u1', `h${i}`, i % 2 === 0 ? ' 1.50 ' : '']);
  const { rows: sent } = chunkOf(holding, guess(holding, headings), 'a.csv', headings, rows, kChunk);
  expect(sent).toEqual([{ identities: { login: 'u1' }, values: { holding_id: `h${kChunk}`, amount: '1.50' } }, { identities: { login: 'u1' }, values: { holding_id: `h${kChunk + 1}` } }]);
});

test('rows of a table without a key are called after their line', () =>
  expect(chunkOf(loose, { from: { holding_id: 'h' } }, 'a.csv', ['h'], [['1'], ['2']], 0).rows.map(({ name }) => name)).toEqual(['a.csv:1', 'a.csv:2']));

test('a complaint names the line of the file', () => {
  expect(lineOf('rows[1].values.amount: is no decimal', kChunk)).toBe(kChunk + 3);
  expect(lineOf('unavailable', 0)).toBeUndefined();
});

test('who a table is used by: those that refer to it, and those that belong through it', () => {
  expect(usersOf('product', [holding, product, loose])).toEqual(['holding']);
  expect(usersOf('holding', [holding, product, loose])).toEqual(['loose']);
});

test('a declaration says whose rows are, and leaves out what is empty', () => {
  expect(ownerOf(product)).toBe('nobody');
  expect(ownerOf(loose)).toBe('through');
  expect(changeOf({ id: 'a', zh: '甲', en: '', owner: 'customer', key: [], columns: [{ name: ' x ', type: 'int', zh: '', class: 'C1' }] })).toEqual({ zh: '甲', belongs_to: 'customer', columns: [{ name: 'x', type: 'int', class: 'C1' }] });
  expect(changeOf({ id: 'a', owner: 'through', table: 'holding', by: 'holding_id', key: ['x'], columns: [] })).toEqual({ key: ['x'], belongs_to: { table: 'holding', by: 'holding_id' }, columns: [] });
});
