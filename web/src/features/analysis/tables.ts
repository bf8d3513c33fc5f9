// Answers as tables for spreadsheets, in the words that the page has for them: a row for each group, the exact numbers.
// Days stay as the server writes them, which spreadsheets read.
import type { Cells } from '../../lib/csv';
import { sayGroup, type FunnelAnswer, type RetentionAnswer, type TrendsAnswer } from './core/answer';
import type { Named, PortraitAnswer, PortraitQuestion, PortraitValue } from './core/portrait';
import { eventOf, type Dimension, type FunnelQuestion, type RetentionQuestion, type TrendsQuestion } from './core/question';
import type { AnalysisKey } from './texts';
import type { Words } from './useWords';

export function measureName(question: TrendsQuestion, name: string, { t, names }: Words): string {
  const measure = question.measures.find((made) => made.name === name);
  if (!measure) return name;
  const event = eventOf(measure.of);
  const what = measure.property ? `${t(`m_${measure.measure}` as AnalysisKey)} ${names.property(measure.property)}` : t(`m_${measure.measure}` as AnalysisKey);
  return `${event === '*' ? t('anyEvent') : names.event(event)} · ${what}`;
}

// Of the retention: "day 3", "1–7".
export function periodName([from, to]: [number, number], unit: string, { t }: Words): string {
  const named = { n: from, unit: t(`u_${unit}` as AnalysisKey) };
  return from !== to ? `${from}–${to}` : t(from === 0 ? 'period0' : 'periodN', named);
}

const dimensionNames = (by: Dimension[] | undefined, { names }: Words) => (by ?? []).map((one) => names.property(typeof one === 'string' ? one : one.customer));
const groupCells = (by: unknown[], { t }: Words) => by.map((value) => sayGroup(value, t));

export function trendsTable(answer: TrendsAnswer, question: TrendsQuestion, words: Words): Cells[] {
  const parts = answer.groups ?? [{ by: [], ...answer.everyone }];
  const rows = parts.flatMap(({ by, measures }) => Object.entries(measures).map(([measure, { total, buckets }]): Cells => [...groupCells(by, words), measureName(question, measure, words), total, ...buckets]));
  return [[...dimensionNames(question.by, words), words.t('measures'), words.t('total'), ...answer.buckets.map(({ from }) => from)], ...rows];
}

export function funnelTable(answer: FunnelAnswer, question: FunnelQuestion, words: Words): Cells[] {
  const parts = answer.groups ?? [{ by: [], ...answer.everyone }];
  const rows = parts.map(({ by, steps }): Cells => [...groupCells(by, words), ...steps.map(({ count }) => count), steps.at(-1)?.from_first]);
  return [[...dimensionNames(question.by, words), ...answer.everyone.steps.map(({ name }, index) => `${index + 1}. ${words.names.event(name)}`), words.t('conversion')], ...rows];
}

export function retentionTable(answer: RetentionAnswer, question: RetentionQuestion, words: Words): Cells[] {
  const parts = answer.groups ?? [{ by: [], ...answer.everyone }];
  const rows = parts.flatMap(({ by, cohorts }) => cohorts.map(({ from, size, cells }): Cells => [...groupCells(by, words), from, size, ...cells.map(({ count }) => count)]));
  return [[...dimensionNames(question.by, words), words.t('cohortDate'), words.t('size'), ...answer.columns.map((range) => periodName(range, answer.unit, words))], ...rows];
}

export interface PortraitNames {
  field(of: Named): string;
  group(of: { name: string; values_at?: string }): string;
  value(of: PortraitValue | '$other'): string;
}

const kOfCell = ['size', 'share', 'baseShare', 'tgi', 'low95', 'high95', 'adjustedQ'] as const;

export function portraitTable(answer: PortraitAnswer, question: PortraitQuestion, names: PortraitNames, { t }: Words): Cells[] {
  const columns = answer.groups.flatMap((group, g) => kOfCell.map((what) => `${names.group({ ...question.groups[g], name: group.name })} ${t(what)}`));
  const rows = answer.fields.flatMap((field) => field.rows.map(({ value, groups }): Cells => [names.field(field), names.value(value), ...groups.flatMap(({ count, share, base_share: base, tgi, low, high, q }) => [count, share, base, tgi, low, high, q])]));
  return [[t('fieldName'), t('value'), ...columns], ...rows];
}
