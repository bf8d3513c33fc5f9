import { InputNumber, Select } from 'antd';
import type { PlanProperty } from '../../api/schema';
import { useTexts } from '../../lib/texts';
import { ValueInput } from '../../ui/ValueInput';
import type { Test } from '../core/rule';
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
const shownOp = ({ op, value }: Test): string => (op === 'within' ? (typeof value === 'object' && value !== null && 'next' in value ? 'next' : 'last') : op);

function RelativeValue({ direction, test, onChange }: { direction: 'last' | 'next'; test: Test; onChange: (test: Test) => void }) {
  const t = useTexts(texts);
  const range = (test.value ?? {}) as Record<string, unknown>;
  const count = Number(range[direction] ?? 30), unit = String(range.unit ?? 'day');
  const set = (changed: Record<string, unknown>) => onChange({ ...test, op: 'within', value: { ...range, unit, [direction]: count, ...changed } });
  return (
    <>
      <InputNumber aria-label={t('count')} min={1} max={9_999} style={{ width: 76 }} value={count} onChange={(number) => set({ [direction]: number ?? 1 })} />
      <UnitSelect value={unit} onChange={(changed) => set({ unit: changed })} />
    </>
  );
}

function Operand({ test, type, known, onChange }: { test: Test; type: PlanProperty['type']; known?: string[]; onChange: (test: Test) => void }) {
  const t = useTexts(texts);
  const op = shownOp(test);
  if (op.startsWith('is ')) return null;
  if (op === 'last' || op === 'next') return <RelativeValue direction={op} test={test} onChange={onChange} />;
  if (op === 'between') {
    const [from, to] = Array.isArray(test.value) ? (test.value as unknown[]) : [];
    return (
      <>
        <ValueInput type={type} list={false} value={from} onChange={(value) => onChange({ ...test, value: [value, to] })} />
        <span className="quiet">{t('to')}</span>
        <ValueInput type={type} list={false} value={to} onChange={(value) => onChange({ ...test, value: [from, value] })} />
      </>
    );
  }
  return <ValueInput type={type} list={takesList(op)} known={known} value={test.value} onChange={(value) => onChange({ ...test, value })} />;
}

// What a test of the type begins with.
export function firstTest(type: PlanProperty['type']): Test {
  const [first] = opsOf(type);
  return first === 'last' ? { op: 'within', value: { last: 30, unit: 'day' } } : { op: first! };
}

// An operator and what it compares with; `known` are values to choose from.
export function TestEditor({ test, type, known, onChange }: { test: Test; type: PlanProperty['type']; known?: string[]; onChange: (test: Test) => void }) {
  const t = useTexts(texts);
  const op = shownOp(test);
  const setOp = (next: string) => {
    if (next === 'last' || next === 'next') return onChange({ op: 'within', value: { [next]: 30, unit: 'day' } });
    const same = takesList(next) === takesList(op) && (next === 'between') === (op === 'between') && test.op !== 'within' && !next.startsWith('is ');
    onChange(same ? { op: next, value: test.value } : { op: next });
  };
  return (
    <>
      <Select aria-label={t('operator')} style={{ width: 102 }} popupMatchSelectWidth={false} value={op} onChange={setOp} options={opsOf(type).map((one) => ({ value: one as string, label: t(`op_${one}`) }))} />
      <Operand test={test} type={type} known={known} onChange={onChange} />
    </>
  );
}
