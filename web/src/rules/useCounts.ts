import { useMemo } from 'react';
import { leafPlaces, type Place } from './core/rule';
import type { Counted } from './leaves/LeafRow';
import { useEstimate } from './queries';
import type { useRule } from './useRule';

// What the server counted, by place. A place with several leaves shows their texts, and no single count.
export function useCounts(rule: ReturnType<typeof useRule>) {
  const estimate = useEstimate(rule.good);
  const counts = useMemo(() => {
    const found = new Map<string, Counted>();
    const leaves = estimate.data?.leaves ?? [], after = estimate.data?.after ?? [];
    const places = leafPlaces(rule.root);
    if (places.length !== leaves.length) return found;
    const isAll = 'and' in rule.root;
    const parts = [...new Set(places.map(([first]) => first))];
    places.forEach((place, i) => {
      const left = isAll && place.length === 1 ? after[parts.indexOf(place[0])]?.left : undefined;
      found.set(place.join('.'), { ...leaves[i]!, left: parts.length > 1 ? left : undefined });
    });
    return found;
  }, [estimate.data, rule.root]);
  return { estimate, countedAt: (place: Place) => counts.get(place.join('.')) };
}
