import type { Entry } from './core/definition';
import type { Saying } from './kinds/kind';
import { sayCalled, sayDuration, sayEvent } from './kinds/say';
import type { JourneyKey } from './texts';
import type { Say } from '../../lib/texts';

// "每月 09:00"; of a line of cron, the line.
function saySchedule(schedule: Record<string, unknown> | undefined, t: Say<JourneyKey>): string {
  const every = String(schedule?.['every'] ?? 'once');
  return every === 'cron' ? `${t('entry_batch')} ${String(schedule?.['cron'] ?? '')}` : `${t(`every_${every}` as 'every_day')} ${String(schedule?.['at'] ?? '')}`;
}

// Who comes in, in one line on the entry's card.
export function sayEntry(entry: Entry, saying: Saying): string {
  const { t } = saying;
  switch (entry.kind) {
    case 'event': return t('sayOn', { event: sayEvent(entry.on, saying) });
    case 'not_done': return t('sayNotDone', { event: sayEvent(entry.on, saying), time: sayDuration(entry['within'], saying), other: sayEvent(entry.without, saying) });
    case 'breakpoint': return (entry.steps ?? []).map(({ event }) => sayEvent(event, saying)).join(' → ');
    case 'segment': return `${t(entry['when'] === 'leaves' ? 'entry_leaves' : 'entry_segment')} ${sayCalled('segment', entry['segment'], saying)}`;
    case 'batch': return `${saySchedule(entry['schedule'] as Record<string, unknown> | undefined, t)} ${sayCalled('segment', entry['segment'], saying)}`;
    case 'tag': return `${t('entry_tag')} ${sayCalled('tag', entry['tag'], saying)}`;
    default: return t(entry.kind === 'list' ? 'entry_list' : 'entry_api');
  }
}
