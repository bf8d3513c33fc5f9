import { Input } from 'antd';
import { useTexts } from '../../../lib/texts';
import { EventSelect } from '../../../ui/EventSelect';
import type { Definition, Entry } from '../core/definition';
import { ChoiceField, DurationField, HappeningField, NumberField, Rows, TextField, words } from '../fields';
import { texts } from '../texts';
import { ScheduleFields } from './ScheduleFields';

const kKinds = ['event', 'not_done', 'breakpoint', 'segment', 'batch', 'api', 'list'] as const;
const kFirst: Record<string, Entry> = {
  event: { kind: 'event', on: '' }, not_done: { kind: 'not_done', on: '', without: '', within: '1d' },
  breakpoint: { kind: 'breakpoint', steps: [{ event: '' }, { event: '' }], within: '1h' }, segment: { kind: 'segment', segment: '' },
  batch: { kind: 'batch', schedule: { every: 'day', at: '10:00' } }, api: { kind: 'api' }, list: { kind: 'list' },
};
const kPolicies = ['once', 'after_exit', 'after_interval', 'always', 'per_key'] as const;

// Who comes in, when, and how often.
export function EntryEditor({ definition, onChange }: { definition: Definition; onChange: (change: Partial<Definition>) => void }) {
  const t = useTexts(texts);
  const { entry } = definition;
  const reentry = (definition['reentry'] ?? {}) as Record<string, unknown>;
  const set = (change: Partial<Entry>) => onChange({ entry: tidy({ ...entry, ...change }) as Entry });
  const setReentry = (change: Record<string, unknown>) => onChange({ reentry: tidy({ ...reentry, ...change }) });
  const kind = entry.kind ?? 'api';
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
      {(kind === 'not_done' || kind === 'breakpoint') && <DurationField label={t('within')} of="entry.within" value={entry['within']} onChange={(within) => set({ within })} />}
      {(kind === 'segment' || kind === 'batch') && <TextField label={t('segment')} of="entry.segment" code value={entry['segment']} onChange={(segment) => set({ segment })} />}
      {kind === 'segment' && <ChoiceField label={t('segmentWhen')} of="entry.when" value={entry['when'] ?? 'enters'} options={words(t, 'segment', ['enters', 'leaves'])} onChange={(when) => set({ when })} />}
      {kind === 'batch' && <ScheduleFields schedule={(entry['schedule'] ?? {}) as Record<string, unknown>} onChange={(schedule) => set({ schedule })} />}
      <TextField label={t('filter')} of="entry.filter" code hint="vip >= 1" value={entry['filter']} onChange={(filter) => set({ filter })} />
      <ChoiceField label={t('reentry')} of="reentry.policy" value={reentry['policy'] ?? 'once'} options={words(t, 'reentry', kPolicies)} onChange={(policy) => setReentry({ policy, interval: policy === 'after_interval' ? '30d' : undefined })} />
      {reentry['policy'] === 'after_interval' && <DurationField label={t('interval')} of="reentry.interval" value={reentry['interval']} onChange={(interval) => setReentry({ interval })} />}
      {reentry['policy'] === 'per_key' && <TextField label={t('entryKey')} of="entry.key" code value={entry['key']} onChange={(key) => set({ key })} />}
      <NumberField label={t('holdout')} of="holdout_percent" max={100} unit="%" value={definition['holdout_percent']} onChange={(value) => onChange({ holdout_percent: value })} />
      <NumberField label={t('entryCapDaily')} of="entry_cap_daily" min={1} value={definition['entry_cap_daily']} onChange={(value) => onChange({ entry_cap_daily: value })} />
    </>
  );
}

const tidy = (object: Record<string, unknown>) => Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined && value !== ''));
