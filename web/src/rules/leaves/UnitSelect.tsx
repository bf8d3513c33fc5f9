import { Select } from 'antd';
import { useTexts } from '../../lib/texts';
import { texts } from '../texts';

const kUnits = ['second', 'minute', 'hour', 'day', 'week', 'month', 'quarter', 'year'] as const;

export function UnitSelect({ value, onChange }: { value: string; onChange: (unit: string) => void }) {
  const t = useTexts(texts);
  return <Select aria-label={t('unit')} style={{ width: 96 }} popupMatchSelectWidth={false} value={value} onChange={onChange} options={kUnits.map((unit) => ({ value: unit as string, label: t(`unit_${unit}`) }))} />;
}
