import type { JourneyVersion } from '../../../api/schema';
import { useTexts, type Say } from '../../../lib/texts';
import { outcomeWord, texts, type JourneyKey } from '../texts';

type Change = NonNullable<JourneyVersion['changes']>[number];

// What the editor calls a field, by its last part; where one name means several things, by its whole path.
const kWords: Record<string, JourneyKey> = {
  name: 'name', name_en: 'nameEn', note: 'note', category: 'category', tags: 'tags', priority: 'priority', mandatory: 'mandatory', value: 'value', zone: 'zone', start: 'start', end: 'end', on_end: 'onEnd', max_duration: 'maxDuration', budget: 'budget', budget_sends: 'budgetSends', sends_per_second: 'sendsPerSecond',
  clock_while_paused: 'pausedClock', entry_while_paused: 'pausedEntry', queue_limit: 'queueLimit', resume_per_second: 'resumePerSecond', on_late: 'onLate', max_lateness: 'maxLateness', failed_percent: 'railFailed', opted_out_percent: 'railOptedOut', spend: 'spend', after: 'railAfter', who: 'releaseWho',
  kind: 'entryKind', on: 'entryOn', without: 'entryWithout', within: 'within', grace: 'entryGrace', repeat: 'repeat', key: 'entryKey', filter: 'filter', segment: 'segment', tag: 'tag', from: 'tagFrom', to: 'tagTo', include_existing: 'existing', min_dwell: 'minDwell', unknown_user: 'unknownUser', hold: 'unknownHold', rank: 'rankBy', first: 'rankFirst',
  policy: 'reentry', interval: 'interval', limit: 'entryLimit', per: 'ratePer', max_active: 'maxActive', each_key: 'eachKey', holdout_percent: 'holdout', entry_cap: 'entryCap', entry_cap_daily: 'entryCapDaily', entry_cap_run: 'entryCapRun',
  cron: 'cronLine', at: 'timeOfDay', day: 'dayOfMonth', month_end: 'monthEnd', festival: 'festival', offset_days: 'offsetDays', adjust: 'adjust', catch_up: 'catchUp', run_now: 'runNow', number: 'waveBy_number', remainder: 'wavesRest', exclude: 'wavesExclude', no_overlap: 'wavesOverlap',
  count: 'goalCount', credit: 'credit', unique: 'goalUnique', reversal: 'goalReversal', event: 'event', where: 'where', when: 'condition', receipt: 'receipt',
  for: 'duration', until: 'timeOfDay', window: 'windows', windows: 'windows', date: 'dateOf', days: 'offsetDays', months: 'offsetMonths', on_past: 'onPast', every: 'comesRound', leap_day: 'leapDay', leap_month: 'leapMonth', timeout: 'timeout', since: 'since', lookback: 'lookback', mode: 'mode', accept_current: 'acceptCurrent', same_key: 'sameKey', entries: 'entries', most: 'rateMost',
  percent: 'share', lasts: 'lasts', metric: 'metric', min_sample: 'minSample', test: 'trialTest', winner: 'trialWinner', no_winner: 'noWinner', channel: 'channel', text: 'text', on_cap: 'onCap', cap_wait: 'capWait', instead: 'instead', time_to_live: 'timeToLive', price: 'price', benefit: 'benefit', transactional: 'transactional', success: 'success', wait: 'until', only_if: 'onlyIf', habit: 'habit',
  attribute: 'attribute', attributes: 'attribute', increment: 'set_add', list: 'listId', action: 'listAction', wait_for: 'joinCount', max_visits: 'maxVisits', journey: 'otherJourney', in: 'callIn', out: 'callOut', as: 'passAs', node: 'waveTextNode', step: 'waveTextStep',
};
const kPaths: Record<string, JourneyKey> = {
  'entry.when': 'segmentWhen', 'entry.schedule.every': 'every', 'entry.schedule.interval': 'every', 'entry.schedule.from': 'fromDay', 'entry.schedule.days': 'on_weekdays', 'entry.schedule.grace': 'scheduleGrace', 'entry.rank.attribute': 'rankBy', 'entry_cap_each.attribute': 'capAttribute', 'entry_cap_each.limit': 'entryCapEach',
  'entry.waves.every': 'wavesEvery', 'entry.waves.each.rank': 'waveBy_rank', 'entry.waves.each.after': 'waveAfter', 'entry.waves.each.start': 'waveStart', 'reentry.from': 'intervalFrom', 'reentry.per': 'entryLimitPer', 'goal.value': 'goalValue', 'goal.window': 'goalWindow', 'value.attribute': 'worth_attribute',
};
const kGroups: Record<string, JourneyKey> = { goal: 'goal', release: 'releaseTo', guardrails: 'guardrails', exit_on: 'exitOn', reentry: 'reentry' };

export function fieldWord(t: Say<JourneyKey>, field: string): string {
  const parts = field.split('.');
  const last = parts.at(-1)!, known = kPaths[parts.filter((part) => !/^\d+$/.test(part)).join('.')] ?? kWords[last];
  const word = known ? t(known) : last;
  if (parts[0] === 'next') return t('leadsTo', { outcome: outcomeWord(t, parts.slice(1).join('.')) });
  if (parts[0] === 'branches') return `“${outcomeWord(t, parts.slice(1, -1).join('.'))}” ${word}`;
  if (parts[0] === 'steps') return `${t('attempts')} ${parts[1]} · ${word}`;
  if (field.startsWith('entry.waves.each.')) return `${t('wave', { number: parts[3]! })} · ${word}`;
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
