import type { ReactNode } from 'react';
import { Input, InputNumber, Select } from 'antd';
import { useChannelName } from '../../api/channelNames';
import { useJourneys } from '../../api/queries';
import { useTexts } from '../../lib/texts';
import { DurationInput } from '../../ui/DurationInput';
import { Rows } from '../../ui/Rows';
import { counting, type Blackout, type Cap, type Window } from './core/policy';
import { texts } from './texts';

// What the rules of the bank and those of its units say alike, as rows.

const kDays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
const kOn = ['every_day', 'weekdays', 'working_days', 'days_off'] as const;
const kScopes = ['tenant', 'channel', 'category', 'journey', 'tag', 'address', 'account'] as const;
export const kFixed = ['day', 'week', 'month'] as const;
const kChannels = ['sms', 'push', 'mail', 'wechat', 'wecom', 'call', 'task'];
export const kCategories = ['marketing', 'service', 'transactional'];

// What belongs to a row, on a line of its own below it.
export const Under = ({ what, children }: { what: string; children: ReactNode }) => <div className="row" style={{ flexBasis: '100%', paddingInlineStart: 16, alignItems: 'baseline' }}><span className="quiet">{what}</span>{children}</div>;

export function WindowRows({ windows, name, onChange }: { windows: Window[] | undefined; name: string; onChange: (windows: Window[]) => void }) {
  const t = useTexts(texts);
  const time = (label: string, value: string | undefined, hint: string, set: (value: string) => void) => <Input aria-label={label} placeholder={hint} maxLength={5} style={{ width: 72 }} value={value} onChange={(event) => set(event.target.value)} />;
  return (
    <Rows<Window> rows={windows} fresh={{ from: '22:00', to: '08:00' }} add={t('addWindow')} name={name} onChange={onChange}>
      {({ on, days, from, to }, set, label) => (
        <>
          <Select aria-label={label(t('onDays'))} style={{ width: 120 }} value={on ?? (days ? 'weekdays' : 'every_day')} options={kOn.map((value) => ({ value, label: t(`on_${value}`) }))}
            onChange={(next) => set({ on: next === 'every_day' ? undefined : next, days: next === 'weekdays' ? [...kDays.slice(0, 5)] : undefined })} />
          {(on === 'weekdays' || days) && <Select mode="multiple" aria-label={label(t('on_weekdays'))} style={{ minWidth: 180 }} value={days ?? []} onChange={(next: string[]) => set({ days: next })} options={kDays.map((value) => ({ value, label: t(`day_${value}`) }))} />}
          {time(label(t('from')), from, '00:00', (value) => set({ from: value }))} – {time(label(t('to')), to, '24:00', (value) => set({ to: value }))}
        </>
      )}
    </Rows>
  );
}

export function CapRows({ caps, name, onChange }: { caps: Cap[] | undefined; name?: string; onChange: (caps: Cap[]) => void }) {
  const t = useTexts(texts);
  const channelName = useChannelName();
  const journeys = useJourneys().data?.journeys ?? [];
  const known = { channel: kChannels.map((value) => ({ value, label: channelName(value) })), category: kCategories.map((value) => ({ value, label: t(value as 'marketing') })), journey: journeys.map(({ id, name }) => ({ value: id, label: name || id })) };
  return (
    <Rows<Cap> rows={caps} fresh={{ name: '', limit: 1, rolling: '24h' }} add={t('addCap')} name={name ?? t('cap')} onChange={onChange}>
      {(cap, set, label) => (
        <>
          <Input aria-label={label(t('capName'))} placeholder={t('capName')} maxLength={60} style={{ width: 130 }} value={cap.name} onChange={(event) => set({ name: event.target.value })} />
          <Select aria-label={label(t('scope'))} style={{ width: 126 }} value={cap.scope ?? 'tenant'} options={kScopes.map((value) => ({ value, label: t(`scope_${value}`) }))} onChange={(scope) => set({ scope, of: undefined })} />
          {(cap.scope === 'channel' || cap.scope === 'category' || cap.scope === 'journey') && <Select allowClear showSearch aria-label={label(t('of'))} placeholder={t('each')} style={{ width: 110 }} popupMatchSelectWidth={false} value={cap.of} options={known[cap.scope]} onChange={(of?: string) => set({ of })} />}
          {(cap.scope === 'tag' || cap.scope === 'account') && <Input aria-label={label(t('of'))} placeholder={t(cap.scope === 'tag' ? 'each' : 'namedBy')} maxLength={60} style={{ width: 110 }} value={cap.of} onChange={(event) => set({ of: event.target.value || undefined })} />}
          <InputNumber aria-label={label(t('limit'))} prefix={t('limit')} min={1} max={10_000} precision={0} style={{ width: 104 }} value={cap.limit} onChange={(limit) => set({ limit: limit ?? 1 })} />
          <Select aria-label={label(t('window'))} style={{ width: 146 }} value={cap.fixed ?? 'rolling'} options={[{ value: 'rolling', label: t('rollingWay') }, ...kFixed.map((value) => ({ value, label: t(`fixed_${value}`) }))]} onChange={(way: 'rolling' | (typeof kFixed)[number]) => set({ rolling: undefined, fixed: undefined, zone: undefined, ...counting(cap, way) })} />
          {cap.fixed && <Select aria-label={label(t('zone'))} style={{ width: 180 }} value={cap.zone ?? 'customer'} options={(['customer', 'tenant'] as const).map((value) => ({ value, label: t(`zone_${value}`) }))} onChange={(zone) => set({ zone })} />}
          {!cap.fixed && <DurationInput label={label(t('span'))} value={cap.rolling} onChange={(rolling) => set({ rolling })} />}
          <Under what={t('reserved')}>
            <Rows rows={cap.reserve} fresh={{ journey: '', slots: 1 }} add={t('addReserve')} name={label(t('reserved'))} onChange={(reserve) => set({ reserve })}>
              {(row, change, said) => <><Select showSearch aria-label={said(t('scope_journey'))} placeholder={t('scope_journey')} style={{ width: 200 }} value={row.journey || undefined} options={known.journey} onChange={(journey: string) => change({ journey })} /><InputNumber aria-label={said(t('limit'))} min={1} max={10_000} precision={0} style={{ width: 90 }} value={row.slots} onChange={(slots) => change({ slots: slots ?? 1 })} /></>}
            </Rows>
          </Under>
        </>
      )}
    </Rows>
  );
}

export function BlackoutRows({ blackouts, name, onChange }: { blackouts: Blackout[] | undefined; name: string; onChange: (blackouts: Blackout[]) => void }) {
  const t = useTexts(texts);
  return (
    <Rows<Blackout> rows={blackouts} fresh={{ name: '', from: '', to: '' }} add={t('addBlackout')} name={name} onChange={onChange}>
      {(row, change, label) => (['name', 'from', 'to'] as const).map((of) => <Input key={of} aria-label={label(t(of === 'name' ? 'capName' : of))} placeholder={of === 'name' ? t('capName') : '2027-01-01'} maxLength={60} style={{ width: 150 }} value={row[of]} onChange={(event) => change({ [of]: event.target.value })} />)}
    </Rows>
  );
}
