import { fit, initials, search } from './match';

test('Chinese becomes initials and the rest stays', () => expect(initials('转账成功 ok')).toBe('zzcg ok'));

test.each([['zzcg', ['转账成功']], ['zhuanzhang', ['转账成功']], ['chenggong', ['转账成功']], ['转账', ['转账成功']], ['TRANSFER', ['转账成功', 'transfer_success']], ['', ['anything']]])('%s finds %s', (typed, words) =>
  expect(fit(typed, words)).toBeGreaterThan(0));
test.each([['xyz', ['转账成功']], ['zzcg', ['购买成功']]])('%s does not find %s', (typed, words) => expect(fit(typed, words)).toBe(0));

test('a word that begins so is before one that has it, and before pinyin', () => {
  const things = ['存折', 'my cz', 'czech'].map((word) => ({ words: [word] }));
  expect(search('cz', things, 10).map(({ words }) => words[0])).toEqual(['czech', 'my cz', '存折']);
  expect(search('cz', things, 1)).toHaveLength(1);
});
