import { InputNumber, Select } from 'antd';
import type { PlanProperty } from '../../api/schema';
import { useTexts } from '../../lib/texts';
import { ValueInput } from '../../ui/ValueInput';
import { isMoment, isTime, opsOf, shownOp, takesList, type Op } from '../core/ops';
import type { Test } from '../core/rule';
import { texts } from '../texts';
import { MomentInput } from './MomentInput';
import { SpellSelect, type Spell } from './UnitSelect';

const kOrder = ['>', '>=', '<', '<='] as const;
const isOrder = (op: Op): op is (typeof kOrder)[number] => (kOrder as readonly Op[]).includes(op);

function RelativeValue({ direction, test, onChange }: { direction: 'last' | 'next'; test: Test; onChange: (test: Test) => void }) {
  const t = useTexts(texts);
  const { unit = 'day', include_current, [direction]: count = 30 } = (test.value ?? {}) as Partial<Spell & Record<'last' | 'next', number>>;
  const spell: Spell = { unit, ...(include_current ? { include_current } : {}) };
  const set = (number: number, of: Spell) => onChange({ ...test, op: 'within', value: { [direction]: number, ...of } });
  return (
    <>
      <InputNumber aria-label={t('count')} min={1} max={9_999} style={{ width: 76 }} value={count} onChange={(number) => set(number ?? 1, spell)} />
      <SpellSelect {...spell} onChange={(changed) => set(count, changed)} />
    </>
  );
}

// One value; a time may be a moving one.
function One({ type, value, known, onChange }: { type: PlanProperty['type']; value: unknown; known?: string[]; onChange: (value: unknown) => void }) {
  if (isTime(type) || isMoment(value)) return <MomentInput type={type} value={value} onChange={onChange} />;
  return <ValueInput type={type} list={false} known={known} value={value} onChange={onChange} />;
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
        <One type={type} value={from} onChange={(value) => onChange({ ...test, value: [value, to] })} />
        <span className="quiet">{t('to')}</span>
        <One type={type} value={to} onChange={(value) => onChange({ ...test, value: [from, value] })} />
      </>
    );
  }
  const set = (value: unknown) => onChange({ ...test, value });
  return takesList(op) ? <ValueInput type={type} list known={known} value={test.value} onChange={set} /> : <One type={type} known={known} value={test.value} onChange={set} />;
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
  const name = (one: Op) => t(isTime(type) && isOrder(one) ? `time_${one}` : `op_${one}`);
  return (
    <>
      <Select aria-label={t('operator')} style={{ width: 102 }} popupMatchSelectWidth={false} value={op} onChange={setOp} options={opsOf(type).map((one) => ({ value: one as string, label: name(one) }))} />
      <Operand test={test} type={type} known={known} onChange={onChange} />
    </>
  );
}
