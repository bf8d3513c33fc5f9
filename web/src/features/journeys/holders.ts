import type { JourneyState } from '../../api/schema';
import { duration, exact } from '../../lib/format';
import type { Language, Say } from '../../lib/texts';
import { texts, type JourneyKey } from './texts';

// What is counted at one node.
export type Counts = NonNullable<JourneyState['nodes']>[number];

// What holds somebody or something at a node: a cap by its name, else one of a few.
export function holderWord(t: Say<JourneyKey>, by: string): string {
  const cap = /^(cap|stock) (.+)$/.exec(by);
  if (cap) return t(`heldBy_${cap[1] as 'cap' | 'stock'}`, { name: cap[2]! });
  return `heldBy_${by}` in texts.zh ? t(`heldBy_${by}` as 'heldBy_turn') : by;
}

export const stayWord = (t: Say<JourneyKey>, stay: NonNullable<Counts['stay']>, language: Language): string =>
  t('stay', { half: duration(stay.p50_ms, language), most: duration(stay.p95_ms, language), count: exact(stay.count, language) });
