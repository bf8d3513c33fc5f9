// Questions as docs/questions.md describes them: what the builders edit and the address holds.
import type { PlanEvent, PlanProperty } from '../../../api/schema';
import type { PortraitQuestion } from './portrait';

export interface Condition {
  property?: string; // of the event
  customer?: string; // of the customer, as it is now
  op: string;
  value?: unknown;
}

export type Picked = string | { event: string; where?: Condition[] };

export type Range = { last: number; unit: 'day'; include_current?: boolean } | { from: string; to: string };

export type Dimension = string | { customer: string };

interface Asked {
  range: Range;
  zone?: string;
  who?: Condition[];
  by?: Dimension[];
  top?: number;
}

export interface Measure {
  name: string;
  of: Picked;
  measure: string;
  property?: string;
}

export interface TrendsQuestion extends Asked {
  ask: 'trends';
  interval: string;
  measures: Measure[];
  compare?: string;
}

export interface FunnelQuestion extends Asked {
  ask: 'funnel';
  steps: Picked[];
  window: string;
  order?: string;
  times: true;
}

export interface RetentionQuestion extends Asked {
  ask: 'retention';
  start: Picked;
  return: Picked;
  unit: string;
  periods: number;
  cohort?: string;
  counted?: string;
}

// About events within a range.
export type RangedQuestion = TrendsQuestion | FunnelQuestion | RetentionQuestion;
export type AnyQuestion = RangedQuestion | PortraitQuestion;

export const eventOf = (picked: Picked): string => (typeof picked === 'string' ? picked : picked.event);
export const whereOf = (picked: Picked): Condition[] => (typeof picked === 'string' ? [] : (picked.where ?? []));

// Conditions belong to an event by name; without any, the name alone says it.
export function picked(event: string, where: Condition[]): Picked {
  return where.length === 0 ? event : { event, where };
}

// Leaves out what is empty, so that the same question has the same address.
export function tidy<Q extends AnyQuestion>(question: Q): Q {
  return Object.fromEntries(
    Object.entries(question).filter(([, value]) => value !== undefined && value !== '' && !(Array.isArray(value) && value.length === 0)),
  ) as unknown as Q;
}

const kOps: Record<string, readonly string[]> = {
  string: ['=', '!=', 'in', 'not in', 'contains', 'not contains', 'starts with', 'ends with'],
  list: ['has any', 'has all', 'has none'],
  bool: ['='],
  number: ['=', '!=', '>', '>=', '<', '<=', 'in', 'not in'],
};

export function opsOf(type: PlanProperty['type']): readonly string[] {
  const family = type === 'string' || type === 'list' || type === 'bool' ? type : 'number';
  return [...kOps[family]!, 'is set', 'is not set'];
}

export const needsValue = (op: string) => !op.startsWith('is ');
export const needsList = (op: string) => op.endsWith('in') || op.startsWith('has');

// What a measure may count; the first kind needs no property.
export const kCounts = ['count', 'uniques', 'per_user'] as const;
export const kOfProperty = ['sum', 'avg', 'median', 'min', 'max', 'distinct'] as const;

// The events that a bank, a shop or an app would look at first: a view, the intent, success. The first
// pattern that some event fits names the step.
const kPath = [
  [/product.*detail/i, /product.*view/i, /detail|view/i],
  [/^buy|cart/i, /submit|apply|click/i],
  [/purchase.*success|order.*completed/i, /success|completed|paid/i],
];
const kArrival = [/login.*success|signed.?in/i, /login|start|open/i];

const firstOf = (patterns: RegExp[], events: PlanEvent[]): string | undefined =>
  patterns.map((pattern) => events.find(({ name }) => pattern.test(name))?.name).find((name) => name !== undefined);

export function suggestedSteps(events: PlanEvent[]): string[] {
  const path = new Set(kPath.map((patterns) => firstOf(patterns, events)).filter((name) => name !== undefined));
  if (path.size >= 2) return [...path];
  return [...events].sort((a, b) => (b.count ?? 0) - (a.count ?? 0)).slice(0, 3).map(({ name }) => name);
}

export const suggestedStart = (events: PlanEvent[]): string => firstOf(kArrival, events) ?? events[0]?.name ?? '*';

const kMonth: Range = { last: 30, unit: 'day' };

export const firstTrends = (zone?: string): TrendsQuestion => ({
  ask: 'trends', range: kMonth, zone, interval: 'day', measures: [{ name: 'm1', of: '*', measure: 'uniques' }],
});

export const firstFunnel = (events: PlanEvent[], zone?: string): FunnelQuestion => ({
  ask: 'funnel', range: kMonth, zone, window: '7d', steps: suggestedSteps(events), times: true,
});

export const firstRetention = (events: PlanEvent[], zone?: string): RetentionQuestion => ({
  ask: 'retention', range: { last: 14, unit: 'day' }, zone, start: suggestedStart(events), return: '*', unit: 'day', periods: 14,
});
