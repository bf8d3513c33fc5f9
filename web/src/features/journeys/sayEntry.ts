import type { Entry } from './core/definition';
import type { Saying } from './kinds/kind';
import { sayDuration, sayEvent, sayText } from './kinds/say';

// Who comes in, in one line on the entry's card.
export function sayEntry(entry: Entry, saying: Saying): string {
  const { t } = saying;
  switch (entry.kind) {
    case 'event': return t('sayOn', { event: sayEvent(entry.on, saying) });
    case 'not_done': return t('sayNotDone', { event: sayEvent(entry.on, saying), time: sayDuration(entry['within'], saying), other: sayEvent(entry.without, saying) });
    case 'breakpoint': return (entry.steps ?? []).map(({ event }) => sayEvent(event, saying)).join(' → ');
    case 'segment': return `${t('entry_segment')} ${sayText(entry['segment'])}`;
    case 'batch': return `${t('entry_batch')} ${String((entry['schedule'] as Record<string, unknown> | undefined)?.['at'] ?? '')}`;
    case 'tag': return `${t('entry_tag')} ${sayText(entry['tag'])}`;
    default: return t(entry.kind === 'list' ? 'entry_list' : 'entry_api');
  }
}
