// Answers as docs/questions.md describes them, and the customers behind a number.
import type { AnyQuestion } from './question';

export interface Group<T> {
  by: unknown[];
  part: T;
}

export interface TrendSeries {
  total: number | null;
  buckets: (number | null)[];
}

type Measured = { measures: Record<string, TrendSeries> };

interface TrendsPart {
  buckets: { from: string; complete: boolean }[];
  everyone: Measured;
  groups?: ({ by: unknown[] } & Measured)[];
}

export type TrendsAnswer = TrendsPart & { interval: string; compared?: TrendsPart };

export interface FunnelStep {
  name: string;
  count: number;
  from_first: number;
  from_previous: number;
}

interface Times {
  count: number;
  p50_ms: number;
  p90_ms: number;
}

interface FunnelPart {
  steps: FunnelStep[];
  times?: { to_convert: Times; from_previous: Times[] };
}

export interface FunnelAnswer {
  everyone: FunnelPart;
  groups?: ({ by: unknown[] } & FunnelPart)[];
}

export interface Cell {
  count: number;
  rate: number;
  complete: boolean;
}

interface RetentionPart {
  cohorts: { from: string; size: number; cells: Cell[] }[];
  average: { pooled: number | null; unweighted: number | null; cohorts: number }[];
}

export interface RetentionAnswer {
  unit: string;
  columns: [number, number][];
  everyone: RetentionPart;
  groups?: ({ by: unknown[] } & RetentionPart)[];
}

// A value by which customers or events are grouped.
export const sayGroup = (value: unknown, t: (key: 'none' | 'other' | 'yes' | 'no') => string): string =>
  value === null ? t('none') : value === '$other' ? t('other') : typeof value === 'boolean' ? t(value ? 'yes' : 'no') : String(value);
export const groupName = (by: unknown[], t: Parameters<typeof sayGroup>[1]): string => by.map((value) => sayGroup(value, t)).join(' / ');

// The question whose answer has the customers behind one number of `question`'s answer.
export function behind(question: AnyQuestion, of: object, group?: unknown[]): object {
  return { ...question, customers_of: group ? { ...of, group } : of };
}
