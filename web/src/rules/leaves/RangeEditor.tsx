import { DatePicker, InputNumber, Select } from 'antd';
import dayjs from 'dayjs';
import { kDate, momentForm } from '../../lib/moment';
import { useTexts } from '../../lib/texts';
import type { Range } from '../core/rule';
import { texts } from '../texts';
import { SpellSelect } from './UnitSelect';

// Of two times, so that they, how often and the filter share a line; without the picture of a calendar they fit,
// to the second in smaller letters.
const isFine = (form: string) => form.endsWith('ss');
const widthOf = (form: string) => (form === kDate ? 226 : 274);

// When it was done: ever, in the last so many days, or between two dates, both of them in, or two times.
export function RangeEditor({ range, onChange }: { range: Range | undefined; onChange: (range: Range | undefined) => void }) {
  const t = useTexts(texts);
  const kind = range === undefined ? 'ever' : 'last' in range ? 'last' : 'between';
  const form = (range && 'from' in range && momentForm(String(range.from))) || kDate;
  const choose = (chosen: string) => onChange(
    chosen === 'ever' ? undefined : chosen === 'last' ? { last: 30, unit: 'day' } : { from: dayjs().subtract(1, 'month').format(kDate), to: dayjs().format(kDate) });
  return (
    <>
      <Select aria-label={t('when')} style={{ width: 104 }} popupMatchSelectWidth={false} value={kind} onChange={choose} options={(['ever', 'last', 'between'] as const).map((one) => ({ value: one as string, label: t(`when_${one}`) }))} />
      {range && 'last' in range && (
        <>
          <InputNumber aria-label={t('count')} min={1} max={9_999} style={{ width: 66 }} value={range.last} onChange={(last) => onChange({ ...range, last: last ?? 1 })} />
          <SpellSelect {...range} onChange={(spell) => onChange({ last: range.last, ...spell })} />
        </>
      )}
      {range && 'from' in range && (
        <DatePicker.RangePicker allowClear={false} className={isFine(form) ? 'fine' : undefined} style={{ width: widthOf(form) }} suffixIcon={form === kDate ? undefined : null} format={form} showTime={form !== kDate} value={[dayjs(String(range.from)), dayjs(String(range.to))]}
          onChange={(dates) => dates?.[0] && dates[1] && onChange({ from: dates[0].format(form), to: dates[1].format(form) })} />
      )}
    </>
  );
}
