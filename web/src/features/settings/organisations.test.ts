import { treeOf, withAncestors } from './organisations';

const all = [{ id: 'head', parent: '' }, { id: 'east', parent: 'head' }, { id: 'shanghai', parent: 'east' }, { id: 'west', parent: 'head' }].map((one) => ({ name_zh: '', name_en: '', rows: '', ...one }));

test('what is found stands below what it belongs to', () => {
  const found = withAncestors(all.filter(({ id }) => id === 'shanghai'), all);
  expect(found.map(({ id }) => id)).toEqual(['head', 'east', 'shanghai']);
  expect(treeOf(found)).toMatchObject([{ id: 'head', children: [{ id: 'east', children: [{ id: 'shanghai' }] }] }]);
});
