// The rules of identities as the server keeps them; docs/identity.md says what each means.
import type { IdentityRules } from '../../../api/schema';

export type KeyRule = IdentityRules['keys'][number];

export const newKey: KeyRule = { key: '', strength: 'weak', priority: 255, normaliser: 'plain', values: 0, window_days: 0, look_back_days: 30, parent: '', blocked: [], blocked_patterns: [], hashed: false };

// The rules with `key` in the place `at`, or as one more.
export function withKey(rules: IdentityRules, at: number | undefined, key: KeyRule): IdentityRules {
  return { ...rules, keys: at === undefined ? [...rules.keys, key] : rules.keys.map((old, i) => (i === at ? key : old)) };
}

// The rules without one of the keys, which is nobody's parent any more.
export function withoutKey(rules: IdentityRules, at: number): IdentityRules {
  const gone = rules.keys[at]?.key;
  return { ...rules, keys: rules.keys.filter((_, i) => i !== at).map((key) => (key.parent === gone ? { ...key, parent: '' } : key)) };
}

// What keeps a key from being tried at all; the server judges the rest.
export function faultOf(rules: IdentityRules, at: number | undefined, { key }: KeyRule): 'noName' | 'nameTaken' | undefined {
  if (key.trim() === '') return 'noName';
  return rules.keys.some((other, i) => i !== at && other.key === key) ? 'nameTaken' : undefined;
}

// One value a line, each once.
export const linesOf = (text: string): string[] => [...new Set(text.split('\n').map((line) => line.trim()).filter(Boolean))];
