import { Button, InputNumber } from 'antd';
import { CloseOutlined, PlusOutlined } from '@ant-design/icons';
import { useTexts } from '../../lib/texts';
import { EventSelect } from '../../ui/EventSelect';
import type { Sequence, Unit } from '../core/rule';
import { texts } from '../texts';
import { RangeEditor } from './RangeEditor';
import { UnitSelect } from './UnitSelect';

type Step = Sequence['seq'][number];

function Within({ step, onChange }: { step: Step; onChange: (step: Step) => void }) {
  const t = useTexts(texts);
  const { within, ...rest } = step;
  if (!within) return <Button type="link" size="small" onClick={() => onChange({ ...step, within: { count: 1, unit: 'day' } })}>{t('limitTime')}</Button>;
  return (
    <>
      <InputNumber aria-label={t('count')} min={1} max={9_999} style={{ width: 66 }} value={within.count} onChange={(count) => onChange({ ...step, within: { ...within, count: count ?? 1 } })} />
      <UnitSelect value={within.unit} onChange={(unit) => onChange({ ...step, within: { ...within, unit: unit as Unit } })} />
      <Button type="link" size="small" onClick={() => onChange(rest)}>{t('anyTime')}</Button>
    </>
  );
}

// One event after another, each within some time of the one before.
export function SequenceEditor({ leaf, onChange }: { leaf: Sequence; onChange: (leaf: Sequence) => void }) {
  const t = useTexts(texts);
  const set = (seq: Step[]) => onChange({ ...leaf, seq });
  return (
    <>
      <RangeEditor range={leaf.range} onChange={(range) => {
        const { range: _, ...rest } = leaf;
        onChange(range ? { ...rest, range } : rest);
      }} />
      {leaf.seq.map((step, i) => (
        <div key={i} className="row filter">
          <span className="index">{i + 1}</span>
          <EventSelect label={`${t('step')} ${i + 1}`} width={160} value={step.events[0]!.event} onChange={(event) => set(leaf.seq.map((old, j) => (j === i ? { ...old, events: [{ event }] } : old)))} />
          {i > 0 && <><span className="quiet">{t('after')}</span><Within step={step} onChange={(changed) => set(leaf.seq.map((old, j) => (j === i ? changed : old)))} /></>}
          {leaf.seq.length > 2 && <Button type="text" size="small" aria-label={t('remove')} icon={<CloseOutlined />} onClick={() => set(leaf.seq.filter((_, j) => j !== i))} />}
        </div>
      ))}
      <Button type="link" size="small" icon={<PlusOutlined />} onClick={() => set([...leaf.seq, { events: [{ event: '' }] }])}>{t('addStep')}</Button>
    </>
  );
}
