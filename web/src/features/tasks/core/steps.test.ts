import { expect, test } from 'vitest';
import { isLate, receiverOf, stepsOf } from './steps';

test('what somebody has accepted can only be done, and what has ended is left alone', () => {
  expect(stepsOf('waiting')).toEqual(['accept', 'done', 'refuse']);
  expect(stepsOf('accepted')).toEqual(['done']);
  for (const state of ['done', 'refused', 'withdrawn'] as const) expect(stepsOf(state)).toEqual([]);
});

test('an open task is late after its due time, another never', () => {
  const due = '2026-03-02T09:00:00.000Z', after = Date.parse(due) + 1;
  expect(isLate({ state: 'waiting', due }, after)).toBe(true);
  expect(isLate({ state: 'waiting', due }, after - 1)).toBe(false);
  expect(isLate({ state: 'waiting' }, after)).toBe(false);
  expect(isLate({ state: 'done', due }, after)).toBe(false);
});

test('a receiver is called by what stands behind the attribute', () => {
  expect(receiverOf('manager:王芳')).toBe('王芳');
  expect(receiverOf('王芳')).toBe('王芳');
});
