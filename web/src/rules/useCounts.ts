import { useMemo } from 'react';
import { countsOf } from './core/counts';
import type { Place } from './core/rule';
import { useEstimate } from './queries';
import type { useRule } from './useRule';

// What the server counted, by place.
export function useCounts(rule: ReturnType<typeof useRule>) {
  const estimate = useEstimate(rule.good);
  const counts = useMemo(() => (estimate.data ? countsOf(rule.root, estimate.data) : undefined), [estimate.data, rule.root]);
  return { estimate, countedAt: (place: Place) => counts?.get(place.join('.')) };
}
