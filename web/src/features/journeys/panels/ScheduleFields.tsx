import { DatePicker, Select } from 'antd';
import dayjs from 'dayjs';
import { useTexts } from '../../../lib/texts';
import { ChoiceField, DurationField, Field, FlagField, Group, NumberField, TextField, words } from '../fields';
import { texts } from '../texts';

type Schedule = Record<string, unknown>;
const kDays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
const kFestivals = ['spring_festival', 'new_years_eve', 'lantern', 'qingming', 'dragon_boat', 'qixi', 'mid_autumn', 'double_ninth', 'dongzhi', 'laba'] as const;
// What is about missed runs stays when it is said otherwise when they are.
const kept = ({ catch_up, grace, run_now }: Schedule) => ({ catch_up, grace, run_now });

// When a batch runs.
export function ScheduleFields({ schedule, onChange }: { schedule: Schedule; onChange: (schedule: Schedule) => void }) {
  const t = useTexts(texts);
  const every = String(schedule['every'] ?? 'once');
  const put = (next: Schedule) => onChange(Object.fromEntries(Object.entries(next).filter(([, value]) => value !== undefined && value !== '')));
  const set = (change: Schedule) => put({ ...schedule, ...change });
  return (
    <>
      <ChoiceField label={t('every')} of="entry.schedule.every" value={every} options={words(t, 'every', ['once', 'day', 'week', 'month', 'festival', 'cron'])} onChange={(next) => put({ ...kept(schedule), every: next, ...(next === 'cron' ? { cron: '0 9 * * *' } : { at: schedule['at'] ?? '10:00' }) })} />
      {(every === 'day' || every === 'week' || every === 'month') && <NumberField label={t(`interval_${every}`)} of="entry.schedule.interval" min={1} max={1000} value={schedule['interval'] ?? 1} onChange={(interval) => set({ interval: interval === 1 ? undefined : interval })} />}
      {every === 'cron' && <TextField label={t('cronLine')} of="entry.schedule.cron" hint="0 9,15 * * 1-5" code value={schedule['cron']} onChange={(cron) => set({ cron })} />}
      {every !== 'cron' && <TextField label={t('timeOfDay')} of="entry.schedule.at" hint="10:00" value={schedule['at']} onChange={(at) => set({ at })} />}
      <Field label={t(every === 'once' ? 'onDay' : 'fromDay')} of="entry.schedule.from"><DatePicker aria-label={t(every === 'once' ? 'onDay' : 'fromDay')} value={typeof schedule['from'] === 'string' ? dayjs(schedule['from']) : null} onChange={(day) => set({ from: day?.format('YYYY-MM-DD') })} /></Field>
      {every === 'week' && <Field label={t('on_weekdays')} of="entry.schedule.days"><Select mode="multiple" aria-label={t('on_weekdays')} value={(schedule['days'] ?? []) as string[]} onChange={(days: string[]) => set({ days })} options={kDays.map((value) => ({ value: value as string, label: t(`day_${value}`) }))} /></Field>}
      {every === 'month' && <NumberField label={t('dayOfMonth')} of="entry.schedule.day" min={1} max={31} value={schedule['day']} onChange={(day) => set({ day })} />}
      {every === 'month' && Number(schedule['day']) > 28 && <ChoiceField label={t('monthEnd')} of="entry.schedule.month_end" value={schedule['month_end'] ?? 'last_day'} options={words(t, 'monthEnd', ['last_day', 'skip', 'next_day'])} onChange={(month_end) => set({ month_end })} />}
      {every === 'festival' && <ChoiceField label={t('festival')} of="entry.schedule.festival" value={schedule['festival']} options={words(t, 'festival', kFestivals)} onChange={(festival) => set({ festival })} />}
      {every === 'festival' && <NumberField label={t('offsetDays')} of="entry.schedule.offset_days" min={-366} max={366} value={schedule['offset_days']} onChange={(days) => set({ offset_days: days })} />}
      {every !== 'cron' && <ChoiceField label={t('adjust')} of="entry.schedule.adjust" value={schedule['adjust'] ?? 'none'} options={words(t, 'adjust', ['none', 'next', 'previous', 'nearest', 'drop'])} onChange={(adjust) => set({ adjust })} />}
      <Group title={t('missedRuns')} of={['entry.schedule.catch_up', 'entry.schedule.grace', 'entry.schedule.run_now']} set={Object.values(kept(schedule)).some((value) => value !== undefined)}>
        <ChoiceField label={t('catchUp')} of="entry.schedule.catch_up" value={schedule['catch_up'] ?? 'latest'} options={words(t, 'catchUp', ['latest', 'all', 'none'])} onChange={(catch_up) => set({ catch_up })} />
        <DurationField label={t('scheduleGrace')} of="entry.schedule.grace" value={schedule['grace']} onChange={(grace) => set({ grace })} />
        <FlagField label={t('runNow')} of="entry.schedule.run_now" value={schedule['run_now']} onChange={(run_now) => set({ run_now })} />
      </Group>
    </>
  );
}
