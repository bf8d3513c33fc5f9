// @vitest-environment jsdom
import { changeOf } from './numbers';

test.each<[string, [number, number, number?], number | undefined]>([
  ['half more', [150, 100], 0.5], ['a fifth less', [80, 100], -0.2], ['ten times as many', [1_000, 100], 9],
  ['of a handful', [101, 3], undefined], ['so many times as many that it says nothing', [3_366, 100], undefined],
  ['of a rate that a handful makes', [4, 2, 6], undefined], ['of a rate of many', [3, 2, 600], 0.5],
])('a change %s', (_, numbers, change) => expect(changeOf(...numbers)).toEqual(change === undefined ? undefined : expect.closeTo(change)));
