import { InputNumber, Select } from 'antd';
import type { PlanProperty } from '../../api/schema';
import { useTexts } from '../../lib/texts';
import { ValueInput } from '../../ui/ValueInput';
import { isMoment } from '../core/ops';
import type { Unit } from '../core/rule';
import { texts } from '../texts';
import { kUnits } from './UnitSelect';

const kKinds = ['date', 'today', 'now'] as const;
type Kind = (typeof kKinds)[number] | Unit; // of a unit: so many of them ago

const kindOf = (value: unknown): Kind => (!isMoment(value) ? 'date' : 'ago' in value ? value.unit : value.moment);

// A time to compare with: a date, or one that moves with the day the rule is asked.
export function MomentInput({ type, value, onChange }: { type: PlanProperty['type']; value: unknown; onChange: (value: unknown) => void }) {
  const t = useTexts(texts);
  const kind = kindOf(value);
  const count = isMoment(value) && 'ago' in value ? value.ago : undefined;
  const choose = (chosen: Kind) => onChange(chosen === 'date' ? undefined : chosen === 'today' || chosen === 'now' ? { moment: chosen } : { ago: count ?? 30, unit: chosen });
  const options = [...kKinds.map((one) => ({ value: one as Kind, label: t(`time_${one}`) })), ...kUnits.map((unit) => ({ value: unit as Kind, label: t('unitAgo', { unit: t(`unit_${unit}`) }) }))];
  return (
    <>
      {isMoment(value) && 'ago' in value && <InputNumber aria-label={t('count')} min={1} max={9_999} style={{ width: 66 }} value={value.ago} onChange={(ago) => onChange({ ...value, ago: ago ?? 1 })} />}
      <Select<Kind> aria-label={t('timeKind')} style={{ width: count === undefined ? 88 : 118 }} popupMatchSelectWidth={false} listHeight={400} value={kind} onChange={choose} options={options} />
      {kind === 'date' && <ValueInput type={type} list={false} value={value} onChange={onChange} />}
    </>
  );
}
