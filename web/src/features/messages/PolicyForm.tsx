import { App, Button, Input, InputNumber, Select, Switch, Upload } from 'antd';
import { CloseOutlined, PlusOutlined } from '@ant-design/icons';
import { useChannelName } from '../../api/channelNames';
import { useNames } from '../../api/names';
import { textOf } from '../../lib/fileText';
import { useTexts } from '../../lib/texts';
import { DurationInput } from '../../ui/DurationInput';
import { OpenSelect } from '../../ui/OpenSelect';
import { Rows } from '../../ui/Rows';
import { ZoneSelect } from '../../ui/ZoneSelect';
import { leaveOf, leftOut, unitsOf, withYear, yearOf, type ChannelRule, type Leave, type Policy, type Uncapped, type Units, type Year } from './core/policy';
import { BlackoutRows, CapRows, kCategories, Under, WindowRows } from './ruleRows';
import { texts } from './texts';
import { UnitRuleRows } from './UnitRuleRows';


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

// Whose clocks and which rules hold for whom: of customers by the unit of the bank that has them.
function UnitFields({ units = {}, onChange }: { units: Units | undefined; onChange: (units: Units | undefined) => void }) {
  const t = useTexts(texts);
  const names = useNames();
  const set = (change: Partial<Units>) => onChange(unitsOf({ ...units, ...change }));
  return (
    <div className="stack tight">
      <label>{t('unitAttribute')} <OpenSelect aria-label={t('unitAttribute')} allowClear width={180} placeholder="branch" value={units.attribute} usual={names.properties.map(({ name }) => name)} nameOf={names.property} onChange={(attribute) => set({ attribute })} /></label>
      <Rows rows={units.zones} fresh={{ unit: '', zone: 'Asia/Shanghai' }} add={t('addUnit')} name={t('unitZones')} onChange={(zones) => set({ zones })}>
        {(row, change, label) => <><Input aria-label={label(t('unit'))} placeholder={t('unit')} maxLength={100} style={{ width: 180 }} value={row.unit} onChange={(event) => change({ unit: event.target.value })} /><ZoneSelect label={label(t('zone'))} width={200} value={row.zone} onChange={(zone) => change({ zone: zone ?? '' })} /></>}
      </Rows>
      <h3>{t('unitRules')}</h3><p className="quiet">{t('unitRulesHint')}</p>
      <UnitRuleRows rules={units.rules} onChange={(rules) => set({ rules })} />
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
      <section><h3>{t('blackouts')}</h3><BlackoutRows blackouts={policy.blackouts} name={t('blackouts')} onChange={(blackouts) => set({ blackouts })} /></section>
      <section><h3>{t('openWindows')}</h3><WindowRows windows={policy.open} name={t('openWindows')} onChange={(open) => set({ open })} /></section>
      <section><h3>{t('channelRules')}</h3><ChannelRows rules={policy.channels} onChange={(channels) => set({ channels })} /></section>
      <section><h3>{t('stock')}</h3>
        <Rows rows={policy.stock} fresh={{ benefit: '', count: 0 }} add={t('addStock')} name={t('stock')} onChange={(stock) => set({ stock })}>
          {(row, change, label) => <><Input aria-label={label(t('benefit'))} placeholder={t('benefit')} maxLength={60} style={{ width: 180 }} value={row.benefit} onChange={(event) => change({ benefit: event.target.value })} /><InputNumber aria-label={label(t('count'))} min={0} precision={0} style={{ width: 120 }} value={row.count} onChange={(count) => change({ count: count ?? 0 })} /></>}
        </Rows>
      </section>
      <section><h3>{t('calendar')}</h3><Calendar calendar={policy.calendar} onChange={(calendar) => set({ calendar })} /></section>
      <section><h3>{t('units')}</h3><UnitFields units={policy.units} onChange={(units) => set({ units })} /></section>
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
