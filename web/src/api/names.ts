import { useMemo } from 'react';
import { useLanguage, type Language } from '../lib/texts';
import { usePlan } from './queries';
import type { PlanEvent, PlanProperty } from './schema';

type Named = Pick<PlanEvent, 'name' | 'zh' | 'en'>;

export const labelOf = (thing: Named, language: Language): string => (language === 'zh' ? thing.zh || thing.en : thing.en || thing.zh) || thing.name;

// Events and properties of the tracking plan, and what people call them.
export interface Names {
  events: PlanEvent[];
  properties: PlanProperty[];
  event(name: string): string;
  property(name: string): string;
  type(property: string): PlanProperty['type'];
}

export function useNames(): Names {
  const { data } = usePlan();
  const language = useLanguage();
  return useMemo(() => {
    const events = data?.events ?? [], properties = data?.properties ?? [];
    const find = <T extends Named>(things: T[]) => new Map(things.map((thing) => [thing.name, thing]));
    const eventsByName = find(events), propertiesByName = find(properties);
    const label = (things: Map<string, Named>, name: string) => labelOf(things.get(name) ?? { name }, language);
    return {
      events, properties,
      event: (name) => label(eventsByName, name),
      property: (name) => label(propertiesByName, name),
      type: (name) => propertiesByName.get(name)?.type,
    };
  }, [data, language]);
}
