import { DatePicker, Select } from 'antd';
import dayjs from 'dayjs';
import { useNames } from '../../api/names';
import { fit } from '../../lib/match';
import { useTexts } from '../../lib/texts';
import { ZoneSelect } from '../../ui/ZoneSelect';
import { Conditions } from './Conditions';
import { isIn, type Fault } from './core/fault';
import type { Dimension, Range, RangedQuestion } from './core/question';
import { FaultLine } from './FaultLine';
import { Field } from './Field';
import { texts } from './texts';

const kLast = [1, 7, 14, 30, 90];

function RangeField({ range, onChange }: { range: Range; onChange: (range: Range) => void }) {
  const t = useTexts(texts);
  const custom = 'from' in range;
  const value = custom ? 'custom' : `${range.last}${range.include_current ? ' today' : ''}`;
  const choose = (chosen: string) => {
    const [days, today] = chosen.split(' ');
    if (chosen !== 'custom') return onChange({ last: Number(days), unit: 'day', ...(today ? { include_current: true } : {}) });
    onChange({ from: dayjs().subtract(7, 'day').format('YYYY-MM-DD'), to: dayjs().format('YYYY-MM-DD') });
  };
  return (
    <div className="row">
      <Select aria-label={t('range')} style={{ minWidth: 130 }} value={value} onChange={choose} options={[
        ...kLast.map((count) => ({ value: String(count), label: t('last', { count }) })),
        { value: '7 today', label: `${t('last', { count: 7 })} · ${t('today')}` }, { value: 'custom', label: t('custom') },
        ...(custom || kLast.includes(range.last) ? [] : [{ value, label: t('last', { count: range.last }) }]),
      ]} />
      {custom && (
        <DatePicker.RangePicker allowClear={false} style={{ width: 230 }} value={[dayjs(range.from), dayjs(range.to).subtract(1, 'day')]}
          onChange={(dates) => { if (dates?.[0] && dates[1]) onChange({ from: dates[0].format('YYYY-MM-DD'), to: dates[1].add(1, 'day').format('YYYY-MM-DD') }); }} />
      )}
    </div>
  );
}

export function CommonFields<Q extends RangedQuestion>({ question, fault, onChange }: { question: Q; fault: Fault | undefined; onChange: (question: Q) => void }) {
  const t = useTexts(texts);
  const names = useNames();
  const toValue = (by: Dimension) => (typeof by === 'string' ? `property ${by}` : `customer ${by.customer}`);
  const toDimension = (value: string): Dimension => (value.startsWith('property ') ? value.slice(9) : { customer: value.slice(9) });
  const options = (prefix: string) => names.properties.map(({ name, zh, en }) => ({ value: `${prefix} ${name}`, label: names.property(name), words: [name, zh ?? '', en ?? ''] }));
  return (
    <>
      <Field label={t('range')}><RangeField range={question.range} onChange={(range) => onChange({ ...question, range })} />{isIn(fault, 'range') && <FaultLine fault={fault} />}</Field>
      <Field label={t('zone')}>
        <ZoneSelect label={t('zone')} width={240} value={question.zone} onChange={(zone) => onChange({ ...question, zone })} />
        {isIn(fault, 'zone') && <FaultLine fault={fault} />}
      </Field>
      <Field label={t('by')}>
        <Select mode="multiple" maxCount={3} aria-label={t('by')} placeholder={t('byNone')} value={(question.by ?? []).map(toValue)} onChange={(values: string[]) => onChange({ ...question, by: values.map(toDimension) })}
          showSearch={{ filterOption: (typed, option) => fit(typed, (option as { words?: string[] } | undefined)?.words ?? []) > 0 }}
          options={[{ label: t('eventProperty'), options: options('property') }, { label: t('customerProperty'), options: options('customer') }]} />
        {isIn(fault, 'by') && <FaultLine fault={fault} />}
      </Field>
      <Field label={t('who')}>
        <Conditions customersOnly conditions={question.who ?? []} path="who" fault={isIn(fault, 'who') ? fault : undefined} addText={t('addWho')} onChange={(who) => onChange({ ...question, who })} />
      </Field>
    </>
  );
}
