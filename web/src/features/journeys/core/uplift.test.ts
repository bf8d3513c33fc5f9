import { upliftOf, verdictOf } from './uplift';

// The examples of Newcombe's paper, table II, method 10.
test.each([
  [56, 70, 48, 80, 0.0524, 0.3339], [9, 10, 3, 10, 0.1705, 0.809], [6, 7, 2, 7, 0.0582, 0.8062], [5, 56, 0, 29, -0.0381, 0.1926], [0, 10, 0, 20, -0.1611, 0.2775], [10, 10, 0, 20, 0.6791, 1], [10, 10, 0, 10, 0.6075, 1],
])('%d of %d against %d of %d', (a, m, b, n, low, high) => {
  const found = upliftOf({ entered: m, converted: a }, { entered: n, converted: b })!;
  expect(found.low).toBeCloseTo(low, 3);
  expect(found.high).toBeCloseTo(high, 3);
});

test('an arm without anybody says nothing', () => expect(upliftOf({ entered: 0, converted: 0 }, { entered: 9, converted: 1 })).toBeUndefined());
test.each([[0.1, 0.2, 'more'], [-0.2, -0.1, 'less'], [-0.1, 0.2, 'chance']])('an interval from %d to %d is %s', (low, high, said) => expect(verdictOf({ difference: 0, low, high })).toBe(said));
