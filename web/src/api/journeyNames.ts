import { useCallback } from 'react';
import { useJourneys } from './queries';

// What journeys are called; the id of one without a name.
export function useJourneyName(): (id: string) => string {
  const journeys = useJourneys().data?.journeys;
  return useCallback((id) => journeys?.find((one) => one.id === id)?.name || id, [journeys]);
}
