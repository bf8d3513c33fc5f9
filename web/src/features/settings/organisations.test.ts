import { expect, test } from 'vitest';
import { treeOf } from './organisations';

const one = (id: string, parent = '') => ({ id, parent, name_zh: '', name_en: '', rows: '' });

test('organisations stand below their parents, and none is lost', () => {
  const tree = treeOf([one('desk', 'branch'), one('head'), one('branch', 'head'), one('stray', 'gone')]);
  expect(tree.map(({ id }) => id)).toEqual(['head', 'stray']);
  expect(tree[0]?.children?.[0]?.children?.map(({ id }) => id)).toEqual(['desk']);
  expect(tree[1]?.children).toBeUndefined();
});
