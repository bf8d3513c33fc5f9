// What of a test can be clicked together: the operators of a type, and what each compares with. A test
// that says more is shown as text.
import type { PlanProperty } from '../../api/schema';
import { momentForm } from '../../lib/moment';
import type { Did, Range, Test, Unit } from './rule';

const kOps = {
  string: ['=', '!=', 'in', 'not in', 'contains', 'not contains', 'starts with', 'ends with', 'matches'],
  list: ['has any', 'has all', 'has none'],
  bool: ['='],
  number: ['=', '!=', '>', '>=', '<', '<=', 'between', 'in', 'not in'],
  time: ['last', 'next', '=', '>', '>=', '<', '<=', 'between'],
} as const;
export type Op = (typeof kOps)[keyof typeof kOps][number] | 'is null' | 'is not null';

export const isTime = (type: PlanProperty['type']): boolean => type === 'date' || type === 'datetime';
export function opsOf(type: PlanProperty['type']): readonly Op[] {
  const family = type === 'string' || type === 'list' || type === 'bool' ? type : isTime(type) ? 'time' : 'number';
  return [...kOps[family], 'is null', 'is not null'];
}

export const takesList = (op: string): boolean => op === 'in' || op === 'not in' || op.startsWith('has');

// "maturity NEXT 30 DAYS" is `within` a range; people choose the direction.
export const shownOp = ({ op, value }: Test): string => (op === 'within' ? (typeof value === 'object' && value !== null && 'next' in value ? 'next' : 'last') : op);

// What a test of the type begins with.
export function firstTest(type: PlanProperty['type']): Test {
  const [first] = opsOf(type);
  return first === 'last' ? { op: 'within', value: { last: 30, unit: 'day' } } : { op: first! };
}

// A time that counts from the moment of evaluation.
export type Moment = { moment: 'now' | 'today' } | { ago: number; unit: Unit };
export const isMoment = (value: unknown): value is Moment => typeof value === 'object' && value !== null && ('moment' in value || 'ago' in value);

const kKnown: readonly string[] = [...Object.values(kOps).flat(), 'is null', 'is not null'];
const isPlainValue = (value: unknown): boolean => typeof value !== 'object' || value === null || isMoment(value);
// A time that is written as no calendar shows it; other texts begin otherwise.
const isFineTime = (value: unknown): boolean => typeof value === 'string' && /^\d{4}-\d\d-\d\d[ T]/.test(value) && !momentForm(value);
export function isPlainTest({ op, value, ...more }: Test): boolean {
  if ('at' in more) return false;
  if (op === 'within') return typeof value === 'object' && value !== null && ('last' in value || 'next' in value);
  if (!kKnown.includes(op)) return false;
  if (op === 'between') return value === undefined || (Array.isArray(value) && value.every((one) => isPlainValue(one) && !isFineTime(one)));
  if (isFineTime(value)) return false;
  return takesList(op) ? !Array.isArray(value) || !value.some((one) => typeof one === 'object') : isPlainValue(value);
}

export const kMeasures = ['count', 'days', 'sum', 'avg', 'max', 'min', 'distinct', 'days since last', 'days since first'] as const;
export const kSigns = ['>=', '>', '=', '<=', '<'] as const;

export const isPlainRange = (range: Range | undefined): boolean => range === undefined || 'last' in range || ('from' in range && isWhole(range.from, range.to));
// Both of them days, or times written alike.
const isWhole = (from: unknown, to: unknown): boolean => typeof from === 'string' && typeof to === 'string' && momentForm(from) !== undefined && momentForm(from) === momentForm(to);
export const isPlainDid = ({ range, measure = 'count', op, value }: Did): boolean =>
  isPlainRange(range) && (kMeasures as readonly string[]).includes(measure) && (kSigns as readonly string[]).includes(op) && (value === undefined || typeof value === 'number');
