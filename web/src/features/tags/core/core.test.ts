import { expect, test } from 'vitest';
import { hurts, stepsOf } from './life';
import { treeOf } from './tree';

test('paths become a tree in which a branch counts all below it', () => {
  const tree = treeOf([{ name: '价值', count: 1 }, { name: '价值/资产', count: 3 }, { name: '价值/资产/存款', count: 2 }, { name: '行为/渠道', count: 4 }]);
  expect(tree.map(({ path, count }) => [path, count])).toEqual([['价值', 6], ['行为', 4]]);
  expect(tree[0]!.below.map(({ path, name, count }) => [path, name, count])).toEqual([['价值/资产', '资产', 5]]);
  expect(tree[0]!.below[0]!.below.map(({ path }) => path)).toEqual(['价值/资产/存款']);
});

test('what the page offers first takes nothing away', () => {
  const states = ['draft', 'submitted', 'certified', 'live', 'frozen', 'retired'] as const;
  expect(states.map((state) => stepsOf(state, () => true)[0]!).filter((step) => !hurts(step))).toEqual(['submit', 'certify', 'launch', 'thaw', 'revive']);
});

test('who may approve certifies and rejects, who may change takes the other steps', () => {
  const changes = (right: string) => right === 'tags.change', approves = (right: string) => right === 'tags.approve';
  expect(stepsOf('submitted', approves)).toEqual(['certify', 'reject']);
  expect(stepsOf('submitted', changes)).toEqual([]);
  expect(stepsOf('live', changes)).toEqual(['freeze', 'retire']);
  expect(stepsOf('live', approves)).toEqual([]);
});
