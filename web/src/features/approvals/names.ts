import { useJourneyName } from '../../api/journeyNames';
import { useTexts, type Say } from '../../lib/texts';
import { texts } from './texts';

type Key = keyof typeof texts.zh;

// "journey/payday" as people call it.
export function useSubjectName(): (subject: string) => string {
  const t = useTexts(texts);
  const journey = useJourneyName();
  return (subject) => (subject.startsWith('journey/') ? journey(subject.slice('journey/'.length)) : subject.startsWith('policy/') ? t('kind_policy') : subject);
}

// How many of the people must agree. The server says it as a number.
export const ruleOf = (t: Say<Key>) => (rule: string | number, people: number) =>
  (rule === 'all' || (Number(rule) === people && people > 1) ? t('rule_all') : rule === 'any' || Number(rule) === 1 ? t('rule_any') : t('rule_some', { count: Number(rule) }));
