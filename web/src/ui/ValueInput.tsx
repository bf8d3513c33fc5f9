import { DatePicker, Input, InputNumber, Select } from 'antd';
import dayjs from 'dayjs';
import type { PlanProperty } from '../api/schema';
import { useTexts } from '../lib/texts';
import { texts } from './texts';

// A value of a property, as its type wants it typed; several with `list`.
export function ValueInput({ type, list, value, onChange }: { type: PlanProperty['type']; list: boolean; value: unknown; onChange: (value: unknown) => void }) {
  const t = useTexts(texts);
  const label = t('value');
  const isNumber = type === 'int' || type === 'double' || type === 'decimal';
  if (list) {
    const convert = (items: string[]) => onChange(isNumber ? items.map(Number).filter((item) => !Number.isNaN(item)) : items);
    return <Select mode="tags" aria-label={label} placeholder={t('values')} style={{ minWidth: 150, flex: 1 }} value={Array.isArray(value) ? value.map(String) : []} onChange={convert} open={false} suffixIcon={null} />;
  }
  if (type === 'bool') return <Select aria-label={label} style={{ width: 90 }} value={value as boolean} onChange={onChange} options={[{ value: true, label: t('yes') }, { value: false, label: t('no') }]} />;
  if (isNumber) return <InputNumber aria-label={label} style={{ width: 110 }} value={value as number} onChange={(number) => onChange(number ?? undefined)} />;
  if (type === 'date' || type === 'datetime') return <DatePicker aria-label={label} style={{ width: 130 }} value={typeof value === 'string' ? dayjs(value) : null} onChange={(date) => onChange(date?.format('YYYY-MM-DD'))} />;
  return <Input aria-label={label} style={{ minWidth: 100, flex: 1 }} value={typeof value === 'string' ? value : ''} onChange={(event) => onChange(event.target.value)} />;
}
