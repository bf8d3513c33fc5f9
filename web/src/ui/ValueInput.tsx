import { AutoComplete, DatePicker, Input, InputNumber, Select } from 'antd';
import dayjs from 'dayjs';
import type { PlanProperty } from '../api/schema';
import { kDate, momentForm } from '../lib/moment';
import { useTexts } from '../lib/texts';
import { texts } from './texts';

// A value of a property, as its type wants it typed; several with `list`. Texts may be chosen of those `known`.
export function ValueInput({ type, list, known, value, onChange }: { type: PlanProperty['type']; list: boolean; known?: string[]; value: unknown; onChange: (value: unknown) => void }) {
  const t = useTexts(texts);
  const label = t('value');
  const isNumber = type === 'int' || type === 'double' || type === 'decimal';
  const choices = known?.map((one) => ({ value: one, label: one }));
  if (list) {
    const convert = (items: string[]) => onChange(isNumber ? items.map(Number).filter((item) => !Number.isNaN(item)) : items);
    return <Select mode="tags" aria-label={label} placeholder={t('values')} style={{ minWidth: 150, flex: 1 }} value={Array.isArray(value) ? value.map(String) : []} onChange={convert} {...(known ? { options: choices } : { open: false, suffixIcon: null })} />;
  }
  if (type === 'bool') return <Select aria-label={label} style={{ width: 90 }} value={value as boolean} onChange={onChange} options={[{ value: true, label: t('yes') }, { value: false, label: t('no') }]} />;
  if (isNumber) return <InputNumber aria-label={label} style={{ width: 110 }} value={value as number} onChange={(number) => onChange(number ?? undefined)} />;
  if (type === 'date' || type === 'datetime') {
    const form = momentForm(String(value)) ?? kDate, timed = form !== kDate;
    return <DatePicker aria-label={label} style={{ width: timed ? 180 : 130 }} format={form} showTime={timed} needConfirm={false} value={typeof value === 'string' ? dayjs(value) : null} onChange={(date) => onChange(date?.format(form))} />;
  }
  if (choices) return <AutoComplete aria-label={label} style={{ minWidth: 120, flex: 1 }} popupMatchSelectWidth={false} value={typeof value === 'string' ? value : ''} options={choices} showSearch={{ filterOption: (typed, option) => String(option?.value).includes(typed) }} onChange={onChange} />;
  return <Input aria-label={label} style={{ minWidth: 100, flex: 1 }} value={typeof value === 'string' ? value : ''} onChange={(event) => onChange(event.target.value)} />;
}
