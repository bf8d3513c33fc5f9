// How a tag is made, as a form asks it. Scores, RFM and models are edited as they are written.
import type { Making } from '../../../api/schema';
import { bareRule } from '../../../rules/core/rule';

export const kKinds = ['rule', 'layers', 'value', 'preference', 'uploaded', 'rfm', 'score', 'model'] as const;
export type Kind = (typeof kKinds)[number];
export interface Layer { value: string; eql: string }

export const first: Record<Kind, Making> = {
  rule: { kind: 'rule', eql: '' },
  layers: { kind: 'layers', layers: [{ value: '', eql: '' }] },
  value: { kind: 'value', of: '' },
  preference: { kind: 'preference', events: '', property: '' },
  uploaded: { kind: 'uploaded', type: 'string' },
  rfm: { kind: 'rfm', events: '', count: 'days', sum: '', recency: { edges: [30, 90] }, frequency: { mean: true }, monetary: { top_percent: [20] } },
  score: { kind: 'score', terms: [{ of: '', weight: 1 }] },
  model: { kind: 'model', model: '', range: [0, 1] },
};

export const layersOf = (make: Making): Layer[] => (make['layers'] as Layer[] | undefined) ?? [];
export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

export const bare = (make: Making): Making => ({
  ...make,
  ...(typeof make['eql'] === 'string' ? { eql: bareRule(make['eql']) } : {}),
  ...(make.kind === 'layers' ? { layers: layersOf(make).map(({ value, eql }) => ({ value, eql: bareRule(eql) })) } : {}),
});

// What is empty is left out.
export const changed = (make: Making, change: Record<string, unknown>): Making =>
  Object.fromEntries(Object.entries({ ...make, ...change }).filter(([name, value]) => name === 'kind' || (value !== undefined && value !== ''))) as Making;

// The rule of a layer alone, without those of the layers above: who gets its value.
export function ownRule(layers: Layer[], at: number): string {
  const above = layers.slice(0, at).map(({ eql }) => `NOT (${eql})`);
  return [`(${layers[at]!.eql})`, ...above].join(' AND ');
}
export const restRule = (layers: Layer[]): string => layers.map(({ eql }) => `NOT (${eql})`).join(' AND ');

// "1, 5, 12" -> [1, 5, 12]; nothing when one is no number.
export function numbersOf(text: string): number[] | undefined {
  const numbers = text.split(/[,，\s]+/).filter((part) => part !== '').map(Number);
  return numbers.some(Number.isNaN) ? undefined : numbers;
}
export const wordsOf = (text: string): string[] => text.split(/[,，\n]+/).map((word) => word.trim()).filter((word) => word !== '');
