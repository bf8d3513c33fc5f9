import { DatePicker, Select } from 'antd';
import dayjs from 'dayjs';
import { useTexts } from '../../../lib/texts';
import { ChoiceField, Field, NumberField, TextField, words } from '../fields';
import { texts } from '../texts';

type Schedule = Record<string, unknown>;
const kDays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
const kFestivals = ['spring_festival', 'new_years_eve', 'lantern', 'qingming', 'dragon_boat', 'qixi', 'mid_autumn', 'double_ninth', 'dongzhi', 'laba'] as const;

// When a batch runs.
export function ScheduleFields({ schedule, onChange }: { schedule: Schedule; onChange: (schedule: Schedule) => void }) {
  const t = useTexts(texts);
  const every = String(schedule['every'] ?? 'once');
  const set = (change: Schedule) => onChange(Object.fromEntries(Object.entries({ ...schedule, ...change }).filter(([, value]) => value !== undefined && value !== '')));
  return (
    <>
      <ChoiceField label={t('every')} of="entry.schedule.every" value={every} options={words(t, 'every', ['once', 'day', 'week', 'month', 'festival', 'cron'])} onChange={(next) => onChange(next === 'cron' ? { every: next, cron: '0 9 * * *' } : { every: next, at: schedule['at'] ?? '10:00' })} />
      {every === 'cron' && <TextField label={t('cronLine')} of="entry.schedule.cron" hint="0 9,15 * * 1-5" code value={schedule['cron']} onChange={(cron) => set({ cron })} />}
      {every !== 'cron' && <TextField label={t('timeOfDay')} of="entry.schedule.at" hint="10:00" value={schedule['at']} onChange={(at) => set({ at })} />}
      {every === 'once' && <Field label={t('onDay')} of="entry.schedule.from"><DatePicker aria-label={t('onDay')} value={typeof schedule['from'] === 'string' ? dayjs(schedule['from']) : null} onChange={(day) => set({ from: day?.format('YYYY-MM-DD') })} /></Field>}
      {every === 'week' && <Field label={t('on_weekdays')} of="entry.schedule.days"><Select mode="multiple" aria-label={t('on_weekdays')} value={(schedule['days'] ?? []) as string[]} onChange={(days: string[]) => set({ days })} options={kDays.map((value) => ({ value: value as string, label: t(`day_${value}`) }))} /></Field>}
      {every === 'month' && <NumberField label={t('dayOfMonth')} of="entry.schedule.day" min={1} max={31} value={schedule['day']} onChange={(day) => set({ day })} />}
      {every === 'festival' && <ChoiceField label={t('festival')} of="entry.schedule.festival" value={schedule['festival']} options={words(t, 'festival', kFestivals)} onChange={(festival) => set({ festival })} />}
      {every === 'festival' && <NumberField label={t('offsetDays')} of="entry.schedule.offset_days" min={-366} max={366} value={schedule['offset_days']} onChange={(days) => set({ offset_days: days })} />}
      {every !== 'cron' && <ChoiceField label={t('adjust')} of="entry.schedule.adjust" value={schedule['adjust'] ?? 'none'} options={words(t, 'adjust', ['none', 'next', 'previous', 'nearest', 'drop'])} onChange={(adjust) => set({ adjust })} />}
    </>
  );
}
