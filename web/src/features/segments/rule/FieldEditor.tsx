import { InputNumber, Select } from 'antd';
import { useNames } from '../../../api/names';
import type { PlanProperty } from '../../../api/schema';
import { useTexts } from '../../../lib/texts';
import { PropertySelect } from '../../../ui/PropertySelect';
import { ValueInput } from '../../../ui/ValueInput';
import type { Field } from '../core/rule';
import { texts } from '../texts';
import { UnitSelect } from './UnitSelect';

const kOps = {
  string: ['=', '!=', 'in', 'not in', 'contains', 'not contains', 'starts with', 'ends with', 'matches'],
  list: ['has any', 'has all', 'has none'],
  bool: ['='],
  number: ['=', '!=', '>', '>=', '<', '<=', 'between', 'in', 'not in'],
  time: ['last', 'next', '=', '>', '>=', '<', '<=', 'between'],
} as const;
type Op = (typeof kOps)[keyof typeof kOps][number] | 'is null' | 'is not null';

function opsOf(type: PlanProperty['type']): readonly Op[] {
  const family = type === 'string' || type === 'list' || type === 'bool' ? type : type === 'date' || type === 'datetime' ? 'time' : 'number';
  return [...kOps[family], 'is null', 'is not null'];
}

const takesList = (op: string) => op === 'in' || op === 'not in' || op.startsWith('has');

// "maturity NEXT 30 DAYS" is `within` a range; people choose the direction.
const shownOp = ({ op, value }: Field): string => (op === 'within' ? (typeof value === 'object' && value !== null && 'next' in value ? 'next' : 'last') : op);

function RelativeValue({ direction, leaf, onChange }: { direction: 'last' | 'next'; leaf: Field; onChange: (leaf: Field) => void }) {
  const t = useTexts(texts);
  const range = (leaf.value ?? {}) as Record<string, unknown>;
  const count = Number(range[direction] ?? 30), unit = String(range.unit ?? 'day');
  const set = (changed: Record<string, unknown>) => onChange({ ...leaf, op: 'within', value: { ...range, unit, [direction]: count, ...changed } });
  return (
    <>
      <InputNumber aria-label={t('count')} min={1} max={9_999} style={{ width: 76 }} value={count} onChange={(number) => set({ [direction]: number ?? 1 })} />
      <UnitSelect value={unit} onChange={(changed) => set({ unit: changed })} />
    </>
  );
}

function Operand({ leaf, type, onChange }: { leaf: Field; type: PlanProperty['type']; onChange: (leaf: Field) => void }) {
  const t = useTexts(texts);
  const op = shownOp(leaf);
  if (op.startsWith('is ')) return null;
  if (op === 'last' || op === 'next') return <RelativeValue direction={op} leaf={leaf} onChange={onChange} />;
  if (op === 'between') {
    const [from, to] = Array.isArray(leaf.value) ? (leaf.value as unknown[]) : [];
    return (
      <>
        <ValueInput type={type} list={false} value={from} onChange={(value) => onChange({ ...leaf, value: [value, to] })} />
        <span className="quiet">{t('to')}</span>
        <ValueInput type={type} list={false} value={to} onChange={(value) => onChange({ ...leaf, value: [from, value] })} />
      </>
    );
  }
  return <ValueInput type={type} list={takesList(op)} value={leaf.value} onChange={(value) => onChange({ ...leaf, value })} />;
}

// A test of a customer's attribute or, within an event, of its property.
export function FieldEditor({ leaf, onChange }: { leaf: Field; onChange: (leaf: Field) => void }) {
  const t = useTexts(texts);
  const names = useNames();
  const type = names.type(leaf.field);
  const op = shownOp(leaf);
  const choose = (field: string) => {
    const first = opsOf(names.type(field))[0]!;
    onChange(first === 'last' ? { field, op: 'within', value: { last: 30, unit: 'day' } } : { field, op: first });
  };
  const setOp = (next: string) => {
    if (next === 'last' || next === 'next') return onChange({ ...leaf, op: 'within', value: { [next]: 30, unit: 'day' } });
    const same = takesList(next) === takesList(op) && (next === 'between') === (op === 'between') && leaf.op !== 'within' && !next.startsWith('is ');
    onChange(same ? { ...leaf, op: next } : { field: leaf.field, op: next });
  };
  return (
    <>
      <PropertySelect value={leaf.field} onChange={choose} label={t('attribute')} width={128} />
      {leaf.field !== '' && (
        <>
          <Select aria-label={t('operator')} style={{ width: 102 }} popupMatchSelectWidth={false} value={op} onChange={setOp} options={opsOf(type).map((one) => ({ value: one as string, label: t(`op_${one}`) }))} />
          <Operand leaf={leaf} type={type} onChange={onChange} />
        </>
      )}
    </>
  );
}
