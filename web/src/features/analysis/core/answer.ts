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

export const groupName = (by: unknown[], other: string, none: string): string =>
  by.map((value) => (value === null ? none : value === '$other' ? other : String(value))).join(' / ');

type Cells = (string | number | null)[];

// Answers as tables: a row for each group (none: everyone), the exact numbers.
export function trendsTable(answer: TrendsAnswer): Cells[] {
  const parts = answer.groups ?? [{ by: [], ...answer.everyone }];
  const rows = parts.flatMap(({ by, measures }) => Object.entries(measures).map(([measure, { total, buckets }]): Cells => [...by.map(written), measure, total, ...buckets]));
  return [[...(parts[0]?.by.map(() => 'group') ?? []), 'measure', 'total', ...answer.buckets.map(({ from }) => from)], ...rows];
}

export function funnelTable(answer: FunnelAnswer): Cells[] {
  const parts = answer.groups ?? [{ by: [], ...answer.everyone }];
  return [[...(parts[0]?.by.map(() => 'group') ?? []), ...answer.everyone.steps.map(({ name }) => name)], ...parts.map(({ by, steps }) => [...by.map(written), ...steps.map(({ count }) => count)])];
}

export function retentionTable(answer: RetentionAnswer): Cells[] {
  const parts = answer.groups ?? [{ by: [], ...answer.everyone }];
  const rows = parts.flatMap(({ by, cohorts }) => cohorts.map(({ from, size, cells }): Cells => [...by.map(written), from, size, ...cells.map(({ count }) => count)]));
  return [[...(parts[0]?.by.map(() => 'group') ?? []), 'from', 'size', ...answer.columns.map(([from, to]) => (from === to ? String(from) : `${from}..${to}`))], ...rows];
}

const written = (value: unknown): string | null => (value === null ? null : String(value));

// The question whose answer has the customers behind one number of `question`'s answer.
export function behind(question: AnyQuestion, of: object, group?: unknown[]): object {
  return { ...question, customers_of: group ? { ...of, group } : of };
}
