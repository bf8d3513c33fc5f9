import { InputNumber, Select } from 'antd';
import type { PlanProperty } from '../../api/schema';
import { useTexts } from '../../lib/texts';
import { ValueInput } from '../../ui/ValueInput';
import { isMoment, type Moment } from '../core/ops';
import type { Unit } from '../core/rule';
import { texts } from '../texts';
import { UnitSelect } from './UnitSelect';

const kKinds = ['date', 'ago', 'today', 'now'] as const;
type Kind = (typeof kKinds)[number];

const kindOf = (value: unknown): Kind => (!isMoment(value) ? 'date' : 'ago' in value ? 'ago' : value.moment);
const firstOf = (kind: Kind): Moment | undefined => (kind === 'date' ? undefined : kind === 'ago' ? { ago: 30, unit: 'day' } : { moment: kind });

// A time to compare with: a date, or one that moves with the day the rule is asked.
export function MomentInput({ type, value, onChange }: { type: PlanProperty['type']; value: unknown; onChange: (value: unknown) => void }) {
  const t = useTexts(texts);
  const kind = kindOf(value);
  return (
    <>
      <Select aria-label={t('timeKind')} style={{ width: 88 }} popupMatchSelectWidth={false} value={kind} onChange={(chosen) => onChange(firstOf(chosen))} options={kKinds.map((one) => ({ value: one, label: t(`time_${one}`) }))} />
      {kind === 'date' && <ValueInput type={type} list={false} value={value} onChange={onChange} />}
      {isMoment(value) && 'ago' in value && (
        <span className="row">
          <InputNumber aria-label={t('count')} min={1} max={9_999} style={{ width: 76 }} value={value.ago} onChange={(ago) => onChange({ ...value, ago: ago ?? 1 })} />
          <UnitSelect value={value.unit} onChange={(unit) => onChange({ ...value, unit: unit as Unit })} />
          <span className="quiet">{t('ago')}</span>
        </span>
      )}
    </>
  );
}
