import { Select } from 'antd';
import { useTexts } from '../../lib/texts';
import type { Unit } from '../core/rule';
import { texts } from '../texts';

export const kUnits = ['second', 'minute', 'hour', 'day', 'week', 'month', 'quarter', 'year'] as const;

export function UnitSelect({ value, onChange }: { value: string; onChange: (unit: string) => void }) {
  const t = useTexts(texts);
  return <Select aria-label={t('unit')} style={{ width: 96 }} popupMatchSelectWidth={false} value={value} onChange={onChange} options={kUnits.map((unit) => ({ value: unit as string, label: t(`unit_${unit}`) }))} />;
}

// A span up to now or from now on. Of days and longer, the one that goes on may count too.
export interface Spell { unit: Unit; include_current?: boolean }
const kWhole = ['day', 'week', 'month', 'quarter', 'year'] as const;

export function SpellSelect({ unit, include_current: current = false, onChange }: Spell & { onChange: (spell: Spell) => void }) {
  const t = useTexts(texts);
  const options = [
    ...kUnits.map((one) => ({ value: one as string, label: t(`unit_${one}`) })),
    ...kWhole.map((one) => ({ value: `${one} current`, label: t(`current_${one}`) })),
  ];
  const rolls = !(kWhole as readonly string[]).includes(unit);
  return <Select aria-label={t('unit')} style={{ width: current && !rolls ? 160 : 96 }} popupMatchSelectWidth={false} value={current && !rolls ? `${unit} current` : unit} options={options}
    onChange={(chosen) => { const [one, with_current] = chosen.split(' '); onChange({ unit: one as Unit, ...(with_current ? { include_current: true } : {}) }); }} />;
}
