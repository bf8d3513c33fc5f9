// What the home page asks: yesterday beside the day before, and the month that leads to it.
import { useAnswer } from '../../api/queries';

interface Series {
  total: number;
  buckets: (number | null)[];
}

export interface TrendsForm {
  buckets: { from: string; complete: boolean }[];
  everyone: { measures: Record<string, Series> };
}

export const monthQuestion = (zone: string) => ({
  ask: 'trends', interval: 'day', range: { last: 30, unit: 'day' }, zone,
  measures: [{ name: 'events', of: '*' }, { name: 'customers', of: '*', measure: 'uniques' }],
});

export const useMonth = (zone: string | undefined, hasEvents: boolean) => useAnswer<TrendsForm>(zone && hasEvents ? monthQuestion(zone) : undefined);

// The last bucket and the one before it.
export function lastTwo(series: Series | undefined): [number, number] {
  const buckets = series?.buckets ?? [];
  return [buckets.at(-1) ?? 0, buckets.at(-2) ?? 0];
}

const kFewest = 20, kMost = 10;

// By how much it changed, as a part of what it was: 0.5 is half more. Nothing when it was `counted` on too few
// to say a percentage, or is so many times as much that one says nothing.
export function changeOf(now: number, before: number, counted = before): number | undefined {
  const change = now / before - 1;
  return counted < kFewest || change >= kMost ? undefined : change;
}

// Customers seen in the last month, today included; not asked before there are events.
export function useCustomerCount(hasEvents: boolean): number | undefined {
  const question = { ask: 'trends', interval: 'all', range: { last: 30, unit: 'day', include_current: true }, measures: [{ name: 'customers', of: '*', measure: 'uniques' }] };
  return useAnswer<TrendsForm>(hasEvents ? question : undefined).data?.everyone.measures.customers?.total;
}
