import type { JourneyVersion } from '../../../api/schema';
import { useTexts, type Say } from '../../../lib/texts';
import { outcomeWord, texts, type JourneyKey } from '../texts';

type Change = NonNullable<JourneyVersion['changes']>[number];

// What the editor calls a field. Others are shown as the document names them.
const kWords: Record<string, JourneyKey> = {
  name: 'name', name_en: 'nameEn', note: 'note', for: 'duration', until: 'timeOfDay', window: 'windows', windows: 'windows', date: 'dateOf', days: 'offsetDays', on_past: 'onPast', every: 'comesRound', leap_day: 'leapDay', leap_month: 'leapMonth', timeout: 'timeout', since: 'since', lookback: 'lookback', mode: 'mode', accept_current: 'acceptCurrent', entries: 'entries', attributes: 'attribute', event: 'event', where: 'where', when: 'condition', percent: 'share', channel: 'channel', text: 'text', on_cap: 'onCap', cap_wait: 'capWait', time_to_live: 'timeToLive', price: 'price', benefit: 'benefit', success: 'success', wait: 'until', only_if: 'condition', habit: 'habit', attribute: 'attribute', value: 'value', wait_for: 'joinCount', max_visits: 'maxVisits', journey: 'otherJourney', in: 'callIn', out: 'callOut', as: 'passAs', credit: 'credit', lasts: 'lasts', metric: 'metric', min_sample: 'minSample', priority: 'priority', category: 'category', start: 'start', end: 'end', on_end: 'onEnd', max_duration: 'maxDuration', budget: 'budget', sends_per_second: 'sendsPerSecond', holdout_percent: 'holdout', entry_cap_daily: 'entryCapDaily', entry_cap: 'entryCap', entry_cap_run: 'entryCapRun', tag: 'tag', from: 'tagFrom', to: 'tagTo', include_existing: 'existing', min_dwell: 'minDwell', each_key: 'eachKey', rank: 'rankBy', waves: 'waves', filter: 'filter', segment: 'segment', kind: 'entryKind', on: 'entryOn', without: 'entryWithout', within: 'within', key: 'entryKey', policy: 'reentry', interval: 'interval', failed_percent: 'railFailed', opted_out_percent: 'railOptedOut', spend: 'spend', after: 'railAfter', who: 'releaseWho',
};
const kGroups: Record<string, JourneyKey> = { goal: 'goal', release: 'releaseTo', guardrails: 'guardrails', exit_on: 'exitOn', reentry: 'reentry' };

export function fieldWord(t: Say<JourneyKey>, field: string): string {
  const parts = field.split('.');
  const last = parts.at(-1)!;
  const word = last in kWords ? t(kWords[last]!) : last;
  if (parts[0] === 'next') return t('leadsTo', { outcome: outcomeWord(t, parts.slice(1).join('.')) });
  if (parts[0] === 'branches') return `“${outcomeWord(t, parts.slice(1, -1).join('.'))}” ${word}`;
  if (parts[0] === 'steps') return `${t('attempts')} ${parts[1]} · ${word}`;
  return parts[0]! in kGroups && parts.length > 1 ? `${t(kGroups[parts[0]!]!)} · ${word}` : word;
}

const said = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

// What one version changes of another, by node.
export function ChangeList({ changes, names }: { changes: Change[]; names: (node: string) => string }) {
  const t = useTexts(texts);
  if (changes.length === 0) return <p className="quiet">{t('noChanges')}</p>;
  const nodes = [...new Set(changes.map(({ node }) => node))];
  return (
    <ul className="changes">
      {nodes.map((node) => (
        <li key={node}>
          <b>{node ? names(node) : t('journey')}</b> {node && <span className="quiet code">{node}</span>}
          <ul>
            {changes.filter((change) => change.node === node).map(({ field, before, after }) => (
              <li key={field}>
                {field === '' ? t(before === undefined ? 'nodeAdded' : 'nodeGone') : <>{fieldWord(t, field)}{' '}{before !== undefined && <del>{said(before)}</del>} {after !== undefined ? <ins>{said(after)}</ins> : <span className="quiet">{t('fieldGone')}</span>}</>}
              </li>
            ))}
          </ul>
        </li>
      ))}
    </ul>
  );
}
