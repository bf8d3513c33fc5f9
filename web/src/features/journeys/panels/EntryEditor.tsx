import { Input } from 'antd';
import { useSegments, useTagNames } from '../../../api/queries';
import { useTexts } from '../../../lib/texts';
import { EventSelect } from '../../../ui/EventSelect';
import type { Definition, Entry } from '../core/definition';
import { ChoiceField, ChosenField, DurationField, FlagField, Group, HappeningField, NumberField, PropertyField, Rows, TextField, words } from '../fields';
import { texts } from '../texts';
import { ScheduleFields } from './ScheduleFields';
import { WavesFields, type Waves } from './WavesFields';

const kKinds = ['event', 'not_done', 'breakpoint', 'segment', 'tag', 'batch', 'api', 'list'] as const;
const kFirst: Record<string, Entry> = {
  event: { kind: 'event', on: '' }, not_done: { kind: 'not_done', on: '', without: '', within: '1d' },
  breakpoint: { kind: 'breakpoint', steps: [{ event: '' }, { event: '' }], within: '1h' }, segment: { kind: 'segment', segment: '' }, tag: { kind: 'tag', tag: '', to: '' },
  batch: { kind: 'batch', schedule: { every: 'day', at: '10:00' } }, api: { kind: 'api' }, list: { kind: 'list' },
};
const kPolicies = ['once', 'after_exit', 'after_interval', 'always', 'per_key'] as const;
const kEachKey = ['once', 'after_exit', 'always'] as const;

// Who comes in, when, and how often.
export function EntryEditor({ definition, onChange }: { definition: Definition; onChange: (change: Partial<Definition>) => void }) {
  const t = useTexts(texts);
  const { entry } = definition;
  const reentry = (definition['reentry'] ?? {}) as Record<string, unknown>;
  const set = (change: Partial<Entry>) => onChange({ entry: tidy({ ...entry, ...change }) as Entry });
  const setReentry = (change: Record<string, unknown>) => onChange({ reentry: tidy({ ...reentry, ...change }) });
  const kind = entry.kind ?? 'api';
  const segments = useSegments().data?.items ?? [], tags = useTagNames().data?.items ?? [];
  const each = (definition['entry_cap_each'] ?? {}) as { attribute?: string; limit?: number };
  const rank = (entry['rank'] ?? {}) as { attribute?: string; first?: string };
  const setEach = (change: Partial<typeof each>) => { const next = tidy({ ...each, ...change }); onChange({ entry_cap_each: Object.keys(next).length > 0 ? next : undefined }); };
  const runs = kind === 'batch' || kind === 'list', arms = kind === 'not_done' || kind === 'breakpoint', byKey = reentry['policy'] === 'per_key';
  const entryKey = <PropertyField label={t('entryKey')} of="entry.key" value={entry['key']} onChange={(key) => set({ key })} />;
  return (
    <>
      <ChoiceField label={t('entryKind')} of="entry.kind" value={kind} options={words(t, 'entry', kKinds)} onChange={(next) => onChange({ entry: kFirst[next] ?? { kind: next } })} />
      {(kind === 'event' || kind === 'not_done') && <HappeningField label={t('entryOn')} of="entry.on" value={entry.on} onChange={(on) => set({ on })} />}
      {kind === 'not_done' && <HappeningField label={t('entryWithout')} of="entry.without" value={entry.without} onChange={(without) => set({ without })} />}
      {kind === 'breakpoint' && (
        <Rows<{ event: string; where?: string }> label={t('entrySteps')} of="entry.steps" rows={entry.steps ?? []} most={30} make={() => ({ event: '' })} onChange={(steps) => set({ steps })}>
          {(step, change) => (
            <>
              <div className="row"><EventSelect any={false} label={t('event')} value={step.event} onChange={(event) => change({ event })} /></div>
              <Input aria-label={t('where')} className="code" placeholder={t('whereHint')} value={step.where ?? ''} onChange={(event) => change({ where: event.target.value || undefined })} />
            </>
          )}
        </Rows>
      )}
      {arms && <DurationField label={t('within')} of="entry.within" value={entry['within']} onChange={(within) => set({ within })} />}
      {arms && <ChoiceField label={t('repeat')} of="entry.repeat" value={entry['repeat'] ?? 'reset'} options={words(t, 'repeat', ['reset', 'first', 'independent'])} onChange={(repeat) => set({ repeat })} />}
      {arms && <DurationField label={t('entryGrace')} of="entry.grace" value={entry['grace']} onChange={(grace) => set({ grace })} />}
      {(kind === 'segment' || kind === 'batch') && <ChosenField label={t('segment')} of="entry.segment" from={segments} value={entry['segment']} onChange={(segment) => set({ segment })} />}
      {kind === 'segment' && <ChoiceField label={t('segmentWhen')} of="entry.when" value={entry['when'] ?? 'enters'} options={words(t, 'segment', ['enters', 'leaves'])} onChange={(when) => set(when === 'leaves' ? { when, include_existing: undefined } : { when })} />}
      {kind === 'segment' && entry['when'] !== 'leaves' && <FlagField label={t('existing')} of="entry.include_existing" value={entry['include_existing']} onChange={(include_existing) => set({ include_existing })} />}
      {kind === 'tag' && (
        <>
          <ChosenField label={t('tag')} of="entry.tag" from={tags} value={entry['tag']} onChange={(tag) => set({ tag })} />
          <TextField label={t('tagFrom')} of="entry.from" hint={t('anyValue')} value={entry['from']} onChange={(from) => set({ from })} />
          <TextField label={t('tagTo')} of="entry.to" hint={t('anyValue')} value={entry['to']} onChange={(to) => set({ to })} />
        </>
      )}
      {(kind === 'segment' || kind === 'tag') && <DurationField label={t('minDwell')} of="entry.min_dwell" value={entry['min_dwell']} onChange={(min_dwell) => set({ min_dwell })} />}
      {kind === 'batch' && <ScheduleFields schedule={(entry['schedule'] ?? {}) as Record<string, unknown>} onChange={(schedule) => set({ schedule })} />}
      <TextField label={t('filter')} of="entry.filter" code hint="vip >= 1" value={entry['filter']} onChange={(filter) => set({ filter })} />
      <ChoiceField label={t('reentry')} of="reentry.policy" value={reentry['policy'] ?? 'once'} options={words(t, 'reentry', kPolicies)} onChange={(policy) => setReentry({ policy, interval: policy === 'after_interval' ? '30d' : undefined, from: undefined, each_key: undefined, max_active: undefined })} />
      {reentry['policy'] === 'after_interval' && <DurationField label={t('interval')} of="reentry.interval" value={reentry['interval']} onChange={(interval) => setReentry({ interval })} />}
      {reentry['policy'] === 'after_interval' && <ChoiceField label={t('intervalFrom')} of="reentry.from" value={reentry['from'] ?? 'entry'} options={words(t, 'intervalFrom', ['entry', 'exit'])} onChange={(from) => setReentry({ from })} />}
      {byKey && entryKey}
      {byKey && <ChoiceField label={t('eachKey')} of="reentry.each_key" value={reentry['each_key'] ?? 'after_exit'} options={words(t, 'reentry', kEachKey)} onChange={(each_key) => setReentry({ each_key })} />}
      {byKey && <NumberField label={t('maxActive')} of="reentry.max_active" min={1} max={1000} value={reentry['max_active']} onChange={(max_active) => setReentry({ max_active })} />}
      <NumberField label={t('holdout')} of="holdout_percent" max={100} unit="%" value={definition['holdout_percent']} onChange={(value) => onChange({ holdout_percent: value })} />
      <NumberField label={t('entryCap')} of="entry_cap" min={1} value={definition['entry_cap']} onChange={(value) => onChange({ entry_cap: value })} />
      <NumberField label={t('entryCapDaily')} of="entry_cap_daily" min={1} value={definition['entry_cap_daily']} onChange={(value) => onChange({ entry_cap_daily: value })} />
      {runs && <NumberField label={t('entryCapRun')} of="entry_cap_run" min={1} value={definition['entry_cap_run']} onChange={(value) => onChange({ entry_cap_run: value })} />}
      <PropertyField label={t('capAttribute')} of="entry_cap_each.attribute" hint="branch" value={each.attribute} onChange={(attribute) => setEach({ attribute })} />
      {each.attribute !== undefined && <NumberField label={t('entryCapEach')} of="entry_cap_each.limit" min={1} value={each.limit} onChange={(limit) => setEach({ limit })} />}
      {runs && <PropertyField label={t('rankBy')} of="entry.rank.attribute" hint="assets" value={rank.attribute} onChange={(attribute) => set({ rank: attribute ? tidy({ ...rank, attribute }) : undefined })} />}
      {rank.attribute && <ChoiceField label={t('rankFirst')} of="entry.rank.first" value={rank.first ?? 'largest'} options={words(t, 'rankFirst', ['largest', 'smallest'])} onChange={(first) => set({ rank: { ...rank, first } })} />}
      {runs && <WavesFields waves={(entry['waves'] ?? {}) as Waves} once={kind === 'list' || (entry['schedule'] as { every?: string } | undefined)?.every === 'once'} nodes={definition.nodes} onChange={(waves) => set({ waves })} />}
      <Group title={t('entryMore')} of={['entry.key', 'entry.unknown_user', 'entry.hold', 'reentry.limit', 'reentry.per']} set={[entry['key'], entry['unknown_user'], reentry['limit']].some((value) => value !== undefined)}>
        <NumberField label={t('entryLimit')} of="reentry.limit" min={1} max={1000} value={reentry['limit']} onChange={(limit) => setReentry(limit === undefined ? { limit, per: undefined } : { limit, per: reentry['per'] ?? '30d' })} />
        {reentry['limit'] !== undefined && <DurationField label={t('entryLimitPer')} of="reentry.per" value={reentry['per']} onChange={(per) => setReentry({ per })} />}
        {!byKey && entryKey}
        <ChoiceField label={t('unknownUser')} of="entry.unknown_user" value={entry['unknown_user'] ?? 'reject'} options={words(t, 'unknownUser', ['reject', 'create', 'hold'])} onChange={(unknown_user) => set({ unknown_user, hold: unknown_user === 'hold' ? '10m' : undefined })} />
        {entry['unknown_user'] === 'hold' && <DurationField label={t('unknownHold')} of="entry.hold" value={entry['hold']} onChange={(hold) => set({ hold })} />}
      </Group>
    </>
  );
}

const tidy = (object: Record<string, unknown>) => Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined && value !== ''));
