import { Input, InputNumber, Select } from 'antd';
import { useChannelName } from '../../api/channelNames';
import { useTexts } from '../../lib/texts';
import { Rows } from '../../ui/Rows';
import { type Suppression, type UnitBudget, type UnitRules } from './core/policy';
import { BlackoutRows, CapRows, kFixed, Under, WindowRows } from './ruleRows';
import { texts } from './texts';

// In a day, week or month of the bank, of all journeys together.
function Budget({ budget = {}, label, onChange }: { budget: UnitBudget | undefined; label: (what: string) => string; onChange: (budget: UnitBudget | undefined) => void }) {
  const t = useTexts(texts);
  const set = (change: UnitBudget) => { const next = { ...budget, ...change }; onChange(next.money || next.sends ? next : undefined); };
  return (
    <>
      <InputNumber aria-label={label(t('money'))} prefix={t('money')} min={0.01} precision={2} style={{ width: 150 }} value={budget.money} onChange={(money) => set({ money: money ?? undefined })} />
      <InputNumber aria-label={label(t('sends'))} prefix={t('sends')} min={1} precision={0} style={{ width: 150 }} value={budget.sends} onChange={(sends) => set({ sends: sends ?? undefined })} />
      <Select aria-label={label(t('window'))} style={{ width: 146 }} disabled={!budget.money && !budget.sends} value={budget.per ?? 'month'} options={kFixed.map((value) => ({ value, label: t(`fixed_${value}`) }))} onChange={(per) => set({ per })} />
    </>
  );
}

// What units of the bank say of messages to their customers, beside what the bank says.
export function UnitRuleRows({ rules, onChange }: { rules: UnitRules[] | undefined; onChange: (rules: UnitRules[]) => void }) {
  const t = useTexts(texts);
  const channelName = useChannelName();
  return (
    <Rows<UnitRules> rows={rules} fresh={{ unit: '' }} add={t('addUnitRules')} name={t('unitRules')} onChange={onChange}>
      {(rule, set, label) => (
        <>
          <Input aria-label={label(t('unit'))} placeholder={t('unit')} maxLength={100} style={{ width: 180 }} value={rule.unit} onChange={(event) => set({ unit: event.target.value })} />
          <Under what={t('caps')}><CapRows caps={rule.caps} name={label(t('cap'))} onChange={(caps) => set({ caps })} /></Under>
          <Under what={t('quiet')}><WindowRows windows={rule.quiet} name={label(t('quiet'))} onChange={(quiet) => set({ quiet })} /></Under>
          <Under what={t('blackouts')}><BlackoutRows blackouts={rule.blackouts} name={label(t('blackouts'))} onChange={(blackouts) => set({ blackouts })} /></Under>
          <Under what={t('suppressed')}>
            <Rows<Suppression> rows={rule.suppressed} fresh={{ when: '' }} add={t('addSuppression')} name={label(t('suppressed'))} onChange={(suppressed) => set({ suppressed })}>
              {(row, change, said) => <><Input aria-label={said(t('receiverWhen'))} placeholder={t('receiverWhen')} className="code" style={{ flex: 1, minWidth: 240 }} value={row.when} onChange={(event) => change({ when: event.target.value })} /><Input aria-label={said(t('channel'))} placeholder={t('allChannels')} className="code" maxLength={60} style={{ width: 130 }} value={row.channel} onChange={(event) => change({ channel: event.target.value || undefined })} /></>}
            </Rows>
          </Under>
          <Under what={t('pace')}>
            <Rows rows={rule.channels} fresh={{ name: '', per_second: 1 }} add={t('addChannelRule')} name={label(t('pace'))} onChange={(channels) => set({ channels })}>
              {(row, change, said) => <><Input aria-label={said(t('channel'))} placeholder={t('channel')} className="code" maxLength={60} style={{ width: 130 }} value={row.name} title={channelName(row.name)} onChange={(event) => change({ name: event.target.value })} /><InputNumber aria-label={said(t('pacePrefix'))} prefix={t('pacePrefix')} min={1} max={1_000_000} precision={0} style={{ width: 128 }} value={row.per_second} onChange={(pace) => change({ per_second: pace ?? 1 })} /></>}
            </Rows>
          </Under>
          <Under what={t('budget')}><Budget budget={rule.budget} label={label} onChange={(budget) => set({ budget })} /></Under>
        </>
      )}
    </Rows>
  );
}
