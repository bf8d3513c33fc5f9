import type { ReactNode } from 'react';
import { App, Button, Input, InputNumber, Select, Switch, Upload } from 'antd';
import { CloseOutlined, PlusOutlined } from '@ant-design/icons';
import { useChannelName } from '../../api/channelNames';
import { useNames } from '../../api/names';
import { useJourneys } from '../../api/queries';
import { textOf } from '../../lib/fileText';
import { useTexts } from '../../lib/texts';
import { DurationInput } from '../../ui/DurationInput';
import { OpenSelect } from '../../ui/OpenSelect';
import { Rows } from '../../ui/Rows';
import { ZoneSelect } from '../../ui/ZoneSelect';
import { counting, leaveOf, leftOut, unitsOf, withYear, yearOf, type Blackout, type Cap, type ChannelRule, type Leave, type Policy, type Uncapped, type Units, type Window, type Year } from './core/policy';
import { texts } from './texts';

const kDays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
const kOn = ['every_day', 'weekdays', 'working_days', 'days_off'] as const;
const kScopes = ['tenant', 'channel', 'category', 'journey', 'tag', 'address', 'account'] as const;
const kFixed = ['day', 'week', 'month'] as const;
const kChannels = ['sms', 'push', 'mail', 'wechat', 'wecom', 'call', 'task'];
const kCategories = ['marketing', 'service', 'transactional'];

// What belongs to a row, on a line of its own below it.
const Under = ({ what, children }: { what: string; children: ReactNode }) => <div className="row" style={{ flexBasis: '100%', paddingInlineStart: 16, alignItems: 'baseline' }}><span className="quiet">{what}</span>{children}</div>;

function WindowRows({ windows, name, onChange }: { windows: Window[] | undefined; name: string; onChange: (windows: Window[]) => void }) {
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

function CapRows({ caps, onChange }: { caps: Cap[] | undefined; onChange: (caps: Cap[]) => void }) {
  const t = useTexts(texts);
  const channelName = useChannelName();
  const journeys = useJourneys().data?.journeys ?? [];
  const known = { channel: kChannels.map((value) => ({ value, label: channelName(value) })), category: kCategories.map((value) => ({ value, label: t(value as 'marketing') })), journey: journeys.map(({ id, name }) => ({ value: id, label: name || id })) };
  return (
    <Rows<Cap> rows={caps} fresh={{ name: '', limit: 1, rolling: '24h' }} add={t('addCap')} name={t('cap')} onChange={onChange}>
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

function ChannelRows({ rules, onChange }: { rules: ChannelRule[] | undefined; onChange: (rules: ChannelRule[]) => void }) {
  const t = useTexts(texts);
  const channelName = useChannelName();
  const count = (label: string, hint: string, value: number | undefined, set: (value?: number) => void) => <InputNumber aria-label={label} prefix={hint} min={1} precision={0} style={{ width: 128 }} value={value} onChange={(next) => set(next ?? undefined)} />;
  return (
    <Rows<ChannelRule> rows={rules} fresh={{ name: '' }} add={t('addChannelRule')} name={t('channel')} onChange={onChange}>
      {(rule, set, label) => (
        <>
          <Input aria-label={label(t('capName'))} placeholder={t('channel')} maxLength={60} className="code" style={{ width: 110 }} value={rule.name} title={channelName(rule.name)} onChange={(event) => set({ name: event.target.value })} />
          <Select aria-label={label(t('consentRule'))} style={{ width: 130 }} value={rule.consent ?? 'opt_out'} options={(['opt_out', 'opt_in'] as const).map((value) => ({ value, label: t(value) }))} onChange={(consent) => set({ consent })} />
          {count(label(t('pace')), t('pacePrefix'), rule.per_second, (pace) => set({ per_second: pace }))}
          {count(label(t('textLimit')), t('charsPrefix'), rule.max_chars, (chars) => set({ max_chars: chars }))}
          {count(label(t('bytesLimit')), t('bytesPrefix'), rule.max_bytes, (bytes) => set({ max_bytes: bytes }))}
          <Under what={t('openWindows')}><WindowRows windows={rule.open} name={label(t('openWindows'))} onChange={(open) => set({ open })} /></Under>
          <Under what={t('triedAgain')}>
            {count(label(t('triesADay')), t('triesPrefix'), rule.tries_a_day, (tries) => set({ tries_a_day: tries }))}
            <span className="quiet">{t('retryPrefix')}</span><DurationInput label={label(t('retryAfter'))} value={rule.retry_after} onChange={(after) => set({ retry_after: after })} />
            <span className="quiet">{t('delivery')}</span><Select aria-label={label(t('delivery'))} style={{ width: 110 }} value={rule.delivery ?? 'at_most_once'} options={(['at_most_once', 'at_least_once'] as const).map((value) => ({ value, label: t(`delivery_${value}`) }))} onChange={(delivery) => set({ delivery })} />
            <label><Switch size="small" aria-label={label(t('isRecalled'))} checked={rule.recall ?? false} onChange={(recall) => set({ recall: recall || undefined })} /> {t('recallHow')}</label>
            <label><Switch size="small" aria-label={label(t('obeysQuiet'))} checked={rule.obeys_quiet ?? true} onChange={(obeys) => set({ obeys_quiet: obeys ? undefined : false })} /> {t('obeysQuiet')}</label>
          </Under>
          <Under what={t('receivers')}>
            <Rows rows={rule.to} fresh={{ attribute: '' }} add={t('addReceiver')} name={label(t('receivers'))} onChange={(to) => set({ to })}>
              {(to, change, said) => <><Input aria-label={said(t('attribute'))} placeholder={t('attribute')} className="code" style={{ width: 150 }} value={to.attribute} onChange={(event) => change({ attribute: event.target.value })} /><Input aria-label={said(t('receiverWhen'))} placeholder={t('receiverWhen')} className="code" style={{ flex: 1, minWidth: 200 }} value={to.when} onChange={(event) => change({ when: event.target.value })} /></>}
            </Rows>
          </Under>
        </>
      )}
    </Rows>
  );
}

// Days off and days of work made up, by year, from the files that are published.
function Calendar({ calendar, onChange }: { calendar: Year[] | undefined; onChange: (calendar: Year[]) => void }) {
  const t = useTexts(texts);
  const { message } = App.useApp();
  const take = (file: File) => { void textOf(file).then((text) => { const year = yearOf(text); if (year) onChange(withYear(calendar, year)); else void message.error(t('badYear')); }); return false; };
  return (
    <div className="stack tight">
      {(calendar ?? []).map(({ year, days }) => <div key={year} className="row"><b>{year}</b> <span className="quiet">{t('daysOfYear', { count: days.length })}</span><Button type="text" size="small" aria-label={`${t('removeYear')} ${year}`} icon={<CloseOutlined />} onClick={() => onChange((calendar ?? []).filter((other) => other.year !== year))} /></div>)}
      <div className="row"><Upload accept=".json" showUploadList={false} beforeUpload={take}><Button size="small" type="dashed" icon={<PlusOutlined />}>{t('addYear')}</Button></Upload><span className="quiet">{t('yearHint')}</span></div>
    </div>
  );
}

function UncappedRows({ rules, onChange }: { rules: Uncapped[] | undefined; onChange: (rules: Uncapped[]) => void }) {
  const t = useTexts(texts);
  const nameOf = (category: string) => (kCategories.includes(category) ? t(category as 'marketing') : category);
  return (
    <Rows<Uncapped> rows={rules} fresh={{ category: '' }} add={t('addUncapped')} name={t('uncapped')} onChange={onChange}>
      {(rule, set, label) => (
        <>
          <OpenSelect aria-label={label(t('scope_category'))} placeholder={t('scope_category')} width={150} value={rule.category} usual={kCategories} nameOf={nameOf} onChange={(category) => set({ category: category ?? '' })} />
          <Select<Leave> aria-label={label(t('leave'))} style={{ width: 230 }} value={leaveOf(rule)} options={(['both', 'exempt', 'uncounted'] as const).map((value) => ({ value, label: t(`leave_${value}`) }))} onChange={(leave) => set({ exempt: undefined, counts: undefined, ...leftOut(rule.category, leave) })} />
        </>
      )}
    </Rows>
  );
}

// Whose clocks hold for whom: of customers by the unit of the bank that has them.
function UnitZones({ units = {}, onChange }: { units: Units | undefined; onChange: (units: Units | undefined) => void }) {
  const t = useTexts(texts);
  const names = useNames();
  const set = (change: Partial<Units>) => onChange(unitsOf({ ...units, ...change }));
  return (
    <div className="stack tight">
      <label>{t('unitAttribute')} <OpenSelect aria-label={t('unitAttribute')} allowClear width={180} placeholder="branch" value={units.attribute} usual={names.properties.map(({ name }) => name)} nameOf={names.property} onChange={(attribute) => set({ attribute })} /></label>
      <Rows rows={units.zones} fresh={{ unit: '', zone: 'Asia/Shanghai' }} add={t('addUnit')} name={t('units')} onChange={(zones) => set({ zones })}>
        {(row, change, label) => <><Input aria-label={label(t('unit'))} placeholder={t('unit')} maxLength={100} style={{ width: 180 }} value={row.unit} onChange={(event) => change({ unit: event.target.value })} /><ZoneSelect label={label(t('zone'))} width={200} value={row.zone} onChange={(zone) => change({ zone: zone ?? '' })} /></>}
      </Rows>
    </div>
  );
}

// The rules for messages by field.
export function PolicyForm({ policy, onChange }: { policy: Policy; onChange: (policy: Policy) => void }) {
  const t = useTexts(texts);
  const set = (change: Partial<Policy>) => onChange({ ...policy, ...change });
  return (
    <div className="stack">
      <section><h3>{t('caps')}</h3><CapRows caps={policy.caps} onChange={(caps) => set({ caps })} /></section>
      <section><h3>{t('uncapped')}</h3><UncappedRows rules={policy.uncapped} onChange={(uncapped) => set({ uncapped })} /></section>
      <section>
        <h3>{t('quiet')}</h3><WindowRows windows={policy.quiet} name={t('quiet')} onChange={(quiet) => set({ quiet })} />
        <div className="row" style={{ marginTop: 8 }}><span className="quiet">{t('inQuiet')}</span><Select aria-label={t('inQuiet')} style={{ width: 170 }} value={policy.in_quiet ?? 'delay'} options={(['delay', 'drop', 'other_channel'] as const).map((value) => ({ value, label: t(`quiet_${value}`) }))} onChange={(in_quiet) => set({ in_quiet, ...(in_quiet === 'drop' && { quiet_jitter: undefined }) })} />{policy.in_quiet !== 'drop' && <><span className="quiet">{t('quietJitter')}</span><DurationInput label={t('quietJitter')} value={policy.quiet_jitter} onChange={(quiet_jitter) => set({ quiet_jitter })} /></>}</div>
      </section>
      <section><h3>{t('blackouts')}</h3>
        <Rows<Blackout> rows={policy.blackouts} fresh={{ name: '', from: '', to: '' }} add={t('addBlackout')} name={t('blackouts')} onChange={(blackouts) => set({ blackouts })}>
          {(row, change, label) => (['name', 'from', 'to'] as const).map((of) => <Input key={of} aria-label={label(t(of === 'name' ? 'capName' : of))} placeholder={of === 'name' ? t('capName') : '2027-01-01'} maxLength={60} style={{ width: 150 }} value={row[of]} onChange={(event) => change({ [of]: event.target.value })} />)}
        </Rows>
      </section>
      <section><h3>{t('openWindows')}</h3><WindowRows windows={policy.open} name={t('openWindows')} onChange={(open) => set({ open })} /></section>
      <section><h3>{t('channelRules')}</h3><ChannelRows rules={policy.channels} onChange={(channels) => set({ channels })} /></section>
      <section><h3>{t('stock')}</h3>
        <Rows rows={policy.stock} fresh={{ benefit: '', count: 0 }} add={t('addStock')} name={t('stock')} onChange={(stock) => set({ stock })}>
          {(row, change, label) => <><Input aria-label={label(t('benefit'))} placeholder={t('benefit')} maxLength={60} style={{ width: 180 }} value={row.benefit} onChange={(event) => change({ benefit: event.target.value })} /><InputNumber aria-label={label(t('count'))} min={0} precision={0} style={{ width: 120 }} value={row.count} onChange={(count) => change({ count: count ?? 0 })} /></>}
        </Rows>
      </section>
      <section><h3>{t('calendar')}</h3><Calendar calendar={policy.calendar} onChange={(calendar) => set({ calendar })} /></section>
      <section><h3>{t('units')}</h3><UnitZones units={policy.units} onChange={(units) => set({ units })} /></section>
      <section><h3>{t('others')}</h3>
        <div className="row">
          <label>{t('maxJourneys')} <InputNumber aria-label={t('maxJourneys')} min={1} max={1_000} precision={0} style={{ width: 90 }} value={policy.max_journeys} onChange={(most) => set({ max_journeys: most ?? undefined })} /></label>
          <label>{t('holdout')} <InputNumber aria-label={t('holdout')} min={0} max={100} suffix="%" style={{ width: 90 }} value={policy.holdout_percent} onChange={(percent) => set({ holdout_percent: percent ?? undefined })} /></label>
          <span className="row">{t('arbitration')} <DurationInput label={t('arbitration')} value={policy.arbitration} onChange={(arbitration) => set({ arbitration })} /></span>
          <label>{t('zone')} <ZoneSelect clearable label={t('zone')} placeholder="Asia/Shanghai" width={180} value={policy.zone} onChange={(zone) => set({ zone })} /></label>
        </div>
      </section>
    </div>
  );
}
