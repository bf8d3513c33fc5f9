import { useState } from 'react';
import { InputNumber, Select } from 'antd';
import { kUnits, parseDuration, type Unit } from '../lib/duration';
import { useTexts } from '../lib/texts';
import { texts } from './texts';

// A span as documents write it, "3d": a number and its unit.
export function DurationInput({ label, value, onChange }: { label: string; value: unknown; onChange: (value: string | undefined) => void }) {
  const t = useTexts(texts);
  const said = parseDuration(value);
  const [before, setBefore] = useState<Unit>(said?.unit ?? 'd'); // while there is no number
  const { count, unit } = said ?? { count: undefined, unit: before };
  return (
    <div className="row">
      <InputNumber aria-label={label} min={0} max={100_000} style={{ width: 96 }} value={count} onChange={(number) => { setBefore(unit); onChange(number === null ? undefined : `${number}${unit}`); }} />
      <Select aria-label={`${label} ${t('unit')}`} style={{ width: 104 }} value={unit} onChange={(next) => onChange(`${count ?? 1}${next}`)} options={kUnits.map((one) => ({ value: one, label: t(`unit_${one}`) }))} />
    </div>
  );
}
