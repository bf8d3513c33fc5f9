import { circles } from './circles';
import { valuesOf } from './values';

test.each([
  ['a\nb\n\n a ', ['a', 'b']],
  ['\uFEFF"x ""1""",y\r\nz;1', ['x "1"', 'z']],
  ['', []],
])('the values of %j', (text, values) => expect(valuesOf(text)).toEqual(values));

describe('two circles', () => {
  const apart = ({ left, right }: ReturnType<typeof circles>) => right.x - left.x;
  test('that share nothing touch', () => {
    const made = circles([100, 100], 0, 500, 200);
    expect(apart(made)).toBeCloseTo(made.left.r + made.right.r, 5);
  });
  test('of which one has the other lie inside', () => {
    const made = circles([100, 25], 25, 500, 200);
    expect(made.right.r).toBeCloseTo(made.left.r / 2, 5);
    expect(apart(made)).toBeLessThanOrEqual(made.left.r - made.right.r + 0.01);
  });
  test('that are the same lie on each other', () => expect(apart(circles([7, 7], 7, 500, 200))).toBeCloseTo(0, 2));
});
