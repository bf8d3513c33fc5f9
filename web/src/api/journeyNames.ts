import { useCallback } from 'react';
import { journeyName } from '../lib/label';
import { useLanguage } from '../lib/texts';
import { useJourneys } from './queries';

// What the journey of an id is called.
export function useJourneyName(): (id: string) => string {
  const language = useLanguage();
  const journeys = useJourneys().data?.journeys;
  return useCallback((id) => journeyName(journeys?.find((one) => one.id === id) ?? { id }, language), [journeys, language]);
}
