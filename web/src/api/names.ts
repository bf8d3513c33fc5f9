import { useMemo } from 'react';
import { useLanguage, type Language } from '../lib/texts';
import { usePlan } from './queries';
import type { PlanEvent, PlanProperty } from './schema';

type Named = Pick<PlanEvent, 'name' | 'zh' | 'en'>;

// What journeys tell of a customer, until the plan calls it something else.
const kOurs: Record<string, Record<Language, string> | undefined> = {
  $touch_sent: { zh: '触达已发送', en: 'Message sent' }, $touch_delivered: { zh: '触达已送达', en: 'Message delivered' }, $touch_opened: { zh: '触达已打开', en: 'Message opened' },
  $touch_clicked: { zh: '触达已点击', en: 'Message clicked' }, $touch_unknown: { zh: '触达结果未知', en: 'Message in doubt' }, $touch_failed: { zh: '触达未发出', en: 'Message not sent' },
  $consent_set: { zh: '授权变更', en: 'Consent changed' },
};

export const labelOf = (thing: Named, language: Language): string => (language === 'zh' ? thing.zh || thing.en : thing.en || thing.zh) || kOurs[thing.name]?.[language] || thing.name;

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
