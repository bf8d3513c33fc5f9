import { expect, test } from 'vitest';
import { faultOf, linesOf, newKey, withKey, withoutKey } from './rules';

const rules = { keys: [{ ...newKey, key: 'login' }, { ...newKey, key: 'device', parent: 'login' }], largest_cluster: 7 };

test('a changed key stays in its place, a new one comes last, and all else stays', () => {
  expect(withKey(rules, 0, { ...newKey, key: 'login', priority: 1 })).toEqual({ keys: [{ ...newKey, key: 'login', priority: 1 }, rules.keys[1]], largest_cluster: 7 });
  expect(withKey(rules, undefined, { ...newKey, key: 'card' }).keys.map(({ key }) => key)).toEqual(['login', 'device', 'card']);
});

test('a key that goes is nobody’s parent', () => {
  expect(withoutKey(rules, 0)).toEqual({ keys: [{ ...newKey, key: 'device' }], largest_cluster: 7 });
});

test('a key has a name of its own', () => {
  expect(faultOf(rules, undefined, newKey)).toBe('noName');
  expect(faultOf(rules, undefined, { ...newKey, key: 'login' })).toBe('nameTaken');
  expect(faultOf(rules, 0, { ...newKey, key: 'login' })).toBeUndefined();
});

test('values are one a line, each once', () => {
  expect(linesOf(' 000 \n\n13800000000\n000')).toEqual(['000', '13800000000']);
});
