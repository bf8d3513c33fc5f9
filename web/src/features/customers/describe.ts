// What a question with customers_of means, in a sentence.
import type { Names } from '../../api/names';
import type { Say } from '../../lib/texts';
import type { texts } from './texts';

export interface PeopleQuestion {
  ask: 'trends' | 'funnel' | 'retention';
  steps?: (string | { event?: string; alias?: string })[];
  measures?: { name: string; of?: unknown }[];
  customers_of: {
    step?: number; dropped?: boolean; measure?: string; bucket?: string; cohort?: string; column?: number; churned?: boolean; group?: unknown[];
  };
}

type Key = keyof (typeof texts)['zh'];

function stepName(question: PeopleQuestion, step: number, names: Names): string {
  const picked = question.steps?.[step - 1];
  if (typeof picked === 'string') return names.event(picked);
  return picked?.alias ?? names.event(picked?.event ?? String(step));
}

export function describe(question: PeopleQuestion, names: Names, t: Say<Key>): string {
  const of = question.customers_of;
  const parts: string[] = [];
  if (question.ask === 'funnel' && of.step) {
    parts.push(t(of.dropped ? 'dropped' : 'reached', { step: of.step, name: stepName(question, of.step, names) }));
  } else if (question.ask === 'retention' && of.cohort) {
    parts.push(t('inCohort', { cohort: of.cohort.slice(0, 10), column: of.column ?? 0, way: t(of.churned ? 'churned' : 'kept') }));
  } else {
    const measured = question.measures?.find(({ name }) => name === of.measure)?.of;
    const event = typeof measured === 'string' ? measured : (measured as { event?: string } | undefined)?.event;
    parts.push(t('inBucket', { bucket: of.bucket?.slice(0, 10) ?? '', measure: event && event !== '*' ? names.event(event) : (of.measure ?? '') }).replace(/^[，, ]+/, ''));
  }
  if (of.group?.length) parts.push(t('group', { group: of.group.map((value) => String(value ?? '∅')).join(' / ') }));
  return parts.join(' · ');
}
