import { Button, InputNumber, Select } from 'antd';
import { CloseOutlined, FilterOutlined } from '@ant-design/icons';
import { useTexts } from '../../lib/texts';
import { EventSelect } from '../../ui/EventSelect';
import { PropertySelect } from '../../ui/PropertySelect';
import { kMeasures, kSigns } from '../core/ops';
import { needsProperty, simpleWhere, whereOf, type Did } from '../core/rule';
import { texts } from '../texts';
import { FieldEditor } from './FieldEditor';
import { RangeEditor } from './RangeEditor';

// "near 30 days, did transfer, count >= 2", with filters of the event below.
export function DidEditor({ leaf, onChange }: { leaf: Did; onChange: (leaf: Did) => void }) {
  const t = useTexts(texts);
  const measure = leaf.measure ?? 'count';
  const fields = simpleWhere(leaf.where) ?? [];
  const setFields = (where: typeof fields) => {
    const { where: _, ...rest } = leaf;
    const rule = whereOf(where);
    onChange(rule ? { ...rest, where: rule } : rest);
  };
  const setMeasure = (next: string) => {
    const { property, ...rest } = leaf;
    onChange({ ...rest, measure: next, ...(needsProperty(next) && property ? { property } : {}) });
  };
  return (
    <>
      <EventSelect label={t('event')} width={140} value={leaf.did[0]!.event} onChange={(event) => onChange({ ...leaf, did: [{ event }] })} />
      <RangeEditor range={leaf.range} onChange={(range) => {
        const { range: _, ...rest } = leaf;
        onChange(range ? { ...rest, range } : rest);
      }} />
      <Select aria-label={t('measure')} style={{ width: 104 }} popupMatchSelectWidth={false} value={measure} onChange={setMeasure} options={kMeasures.map((one) => ({ value: one as string, label: t(`m_${one}`) }))} />
      {needsProperty(measure) && <PropertySelect label={t('property')} width={120} value={leaf.property ?? ''} onChange={(property) => onChange({ ...leaf, property })} />}
      <Select aria-label={t('operator')} style={{ width: 62 }} value={leaf.op} onChange={(op) => onChange({ ...leaf, op })} options={kSigns.map((op) => ({ value: op as string, label: t(`sign_${op}`) }))} />
      <InputNumber aria-label={t('value')} style={{ width: 76 }} value={leaf.value as number} onChange={(value) => onChange({ ...leaf, value: value ?? undefined })} />
      <Button type="text" size="small" aria-label={t('addFilter')} title={t('addFilter')} icon={<FilterOutlined />} onClick={() => setFields([...fields, { field: '', op: '=' }])} />
      {fields.map((field, i) => (
        <div key={i} className="row filter">
          <span className="quiet">{t('where')}</span>
          <FieldEditor leaf={field} onChange={(changed) => setFields(fields.map((old, j) => (j === i ? changed : old)))} />
          <Button type="text" size="small" aria-label={t('remove')} icon={<CloseOutlined />} onClick={() => setFields(fields.filter((_, j) => j !== i))} />
        </div>
      ))}
    </>
  );
}
