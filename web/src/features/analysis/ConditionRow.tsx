import { Button, DatePicker, Input, InputNumber, Select } from 'antd';
import { CloseOutlined } from '@ant-design/icons';
import dayjs from 'dayjs';
import { useNames } from '../../api/names';
import type { PlanProperty } from '../../api/schema';
import { fit } from '../../lib/match';
import { useTexts } from '../../lib/texts';
import { needsList, needsValue, opsOf, type Condition } from './core/question';
import { texts, type AnalysisKey } from './texts';

function ValueInput({ type, op, value, onChange }: { type: PlanProperty['type']; op: string; value: unknown; onChange: (value: unknown) => void }) {
  const t = useTexts(texts);
  const label = t('value');
  const isNumber = type === 'int' || type === 'double' || type === 'decimal';
  if (needsList(op)) {
    const convert = (items: string[]) => onChange(isNumber ? items.map(Number).filter((item) => !Number.isNaN(item)) : items);
    return <Select mode="tags" aria-label={label} placeholder={t('values')} style={{ minWidth: 150, flex: 1 }} value={Array.isArray(value) ? value.map(String) : []} onChange={convert} open={false} suffixIcon={null} />;
  }
  if (type === 'bool') return <Select aria-label={label} style={{ width: 90 }} value={value as boolean} onChange={onChange} options={[{ value: true, label: t('yes') }, { value: false, label: t('no') }]} />;
  if (isNumber) return <InputNumber aria-label={label} style={{ width: 110 }} value={value as number} onChange={(number) => onChange(number ?? undefined)} />;
  if (type === 'date' || type === 'datetime') return <DatePicker aria-label={label} style={{ width: 130 }} value={typeof value === 'string' ? dayjs(value) : null} onChange={(date) => onChange(date?.format('YYYY-MM-DD'))} />;
  return <Input aria-label={label} style={{ minWidth: 100, flex: 1 }} value={typeof value === 'string' ? value : ''} onChange={(event) => onChange(event.target.value)} />;
}

// One condition; `customersOnly` where there is no event.
export function ConditionRow({ condition, customersOnly, onChange, onRemove }: {
  condition: Condition; customersOnly?: boolean; onChange: (condition: Condition) => void; onRemove: () => void;
}) {
  const t = useTexts(texts);
  const names = useNames();
  const kind = condition.customer === undefined ? 'property' : 'customer';
  const name = condition.customer ?? condition.property ?? '';
  const type = names.type(name);
  const options = (prefix: string) => names.properties.map((property) => ({
    value: `${prefix} ${property.name}`, label: names.property(property.name), words: [property.name, property.zh ?? '', property.en ?? ''],
  }));
  const groups = [{ label: t('customerProperty'), options: options('customer') }];
  if (!customersOnly) groups.unshift({ label: t('eventProperty'), options: options('property') });
  const choose = (chosen: string) => {
    const at = chosen.indexOf(' ');
    const op = opsOf(names.type(chosen.slice(at + 1)))[0]!;
    onChange({ [chosen.slice(0, at)]: chosen.slice(at + 1), op });
  };
  const rest = { [kind]: name };
  return (
    <div className="row condition">
      <Select aria-label={t('property')} style={{ width: 120 }} popupMatchSelectWidth={220} value={name ? `${kind} ${name}` : undefined} onChange={choose} options={groups}
        showSearch={{ filterOption: (typed, option) => fit(typed, (option as { words?: string[] } | undefined)?.words ?? []) > 0 }} />
      <Select aria-label={t('operator')} style={{ width: 106 }} popupMatchSelectWidth={false} value={condition.op} onChange={(op) => onChange({ ...rest, op })} options={opsOf(type).map((op) => ({ value: op, label: t(`op_${op}` as AnalysisKey) }))} />
      {needsValue(condition.op) && <ValueInput type={type} op={condition.op} value={condition.value} onChange={(value) => onChange({ ...rest, op: condition.op, value })} />}
      <Button type="text" size="small" aria-label={t('remove')} icon={<CloseOutlined />} onClick={onRemove} />
    </div>
  );
}
