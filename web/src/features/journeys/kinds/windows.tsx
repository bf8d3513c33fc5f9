import { Input, Select } from 'antd';
import { useTexts } from '../../../lib/texts';
import { Rows } from '../fields';
import { texts } from '../texts';
import type { Saying } from './kind';

export interface Window { on?: string; days?: string[]; from?: string; to?: string }

const kOn = ['every_day', 'weekdays', 'working_days', 'days_off'] as const;

export function WindowsField({ of, windows, onChange }: { of: string; windows: Window[] | undefined; onChange: (windows: Window[]) => void }) {
  const t = useTexts(texts);
  return (
    <Rows<Window> label={t('windows')} of={of} rows={windows ?? []} most={50} onChange={onChange} make={() => ({ from: '09:00', to: '21:00' })}>
      {({ on, days, from, to }, set) => (
        <>
          <Select aria-label={t('onDays')} value={on ?? 'every_day'} onChange={(next) => set({ on: next === 'every_day' ? undefined : next, days: next === 'weekdays' ? (days ?? ['mon']) : undefined })} options={kOn.map((value) => ({ value: value as string, label: t(`on_${value}`) }))} />
          {on === 'weekdays' && <Select mode="multiple" aria-label={t('on_weekdays')} value={days ?? []} onChange={(next: string[]) => set({ days: next })} options={['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'].map((value) => ({ value, label: t(`day_${value}` as 'day_mon') }))} />}
          <div className="row"><Input aria-label={t('from')} style={{ width: 90 }} value={from} onChange={(event) => set({ from: event.target.value })} /><span className="quiet">–</span><Input aria-label={t('till')} style={{ width: 90 }} value={to} onChange={(event) => set({ to: event.target.value })} /></div>
        </>
      )}
    </Rows>
  );
}

export function sayWindows(windows: Window[] | undefined, { t }: Saying): string {
  const [first] = windows ?? [];
  if (!first) return '…';
  const day = first.on ? `${t(`on_${first.on}` as 'on_weekdays')} ` : '';
  return `${day}${first.from ?? '00:00'}–${first.to ?? '24:00'}${windows!.length > 1 ? ` +${windows!.length - 1}` : ''}`;
}
