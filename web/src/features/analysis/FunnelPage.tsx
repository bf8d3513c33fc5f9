import { Button } from 'antd';
import { ArrowDownOutlined, ArrowUpOutlined, CloseOutlined } from '@ant-design/icons';
import { useTexts } from '../../lib/texts';
import { Choice } from './Choice';
import { CommonFields } from './CommonFields';
import type { FunnelAnswer } from './core/answer';
import { isIn, type Fault } from './core/fault';
import { firstFunnel, type FunnelQuestion, type Picked } from './core/question';
import { FaultLine } from './FaultLine';
import { Field } from './Field';
import { funnelPicture, FunnelResult } from './FunnelResult';
import { PickedEditor } from './PickedEditor';
import { funnelTable } from './tables';
import { texts } from './texts';
import { useQuestion } from './useQuestion';
import { useWords } from './useWords';
import { Workbench } from './Workbench';

const kMaxSteps = 10;

function Builder({ question, fault, onChange }: { question: FunnelQuestion; fault: Fault | undefined; onChange: (question: FunnelQuestion) => void }) {
  const t = useTexts(texts);
  const { steps } = question;
  const setSteps = (changed: Picked[]) => onChange({ ...question, steps: changed });
  const move = (from: number, to: number) => {
    const changed = steps.filter((_, i) => i !== from);
    changed.splice(to, 0, steps[from]!);
    setSteps(changed);
  };
  const buttons = (index: number) => (
    <>
      <Button type="text" size="small" aria-label={t('up')} disabled={index === 0} icon={<ArrowUpOutlined />} onClick={() => move(index, index - 1)} />
      <Button type="text" size="small" aria-label={t('down')} disabled={index === steps.length - 1} icon={<ArrowDownOutlined />} onClick={() => move(index, index + 1)} />
      <Button type="text" size="small" aria-label={t('remove')} disabled={steps.length <= 1} icon={<CloseOutlined />} onClick={() => setSteps(steps.filter((_, i) => i !== index))} />
    </>
  );
  return (
    <>
      <Field label={t('steps')}>
        {steps.map((step, index) => (
          <PickedEditor key={index} label={`${t('step')} ${index + 1}`} value={step} path={`steps[${index}]`} fault={fault} before={<span className="index">{index + 1}</span>} after={buttons(index)}
            onChange={(changed) => setSteps(steps.map((old, i) => (i === index ? changed : old)))} />
        ))}
        {fault?.where === 'steps' && <FaultLine fault={fault} />}
        {steps.length < kMaxSteps && <Button type="dashed" size="small" style={{ alignSelf: 'flex-start' }} onClick={() => setSteps([...steps, '*'])}>+ {t('addStep')}</Button>}
      </Field>
      <Field label={t('window')}>
        <div className="row">
          <Choice label={t('window')} width={100} value={question.window} options={{ '1h': t('w_1h'), '1d': t('w_1d'), '7d': t('w_7d'), '14d': t('w_14d'), '30d': t('w_30d'), same_day: t('w_same_day') }} onChange={(window) => onChange({ ...question, window })} />
          <Choice label={t('order')} width={140} value={question.order ?? 'ordered'} options={{ ordered: t('o_ordered'), strict: t('o_strict'), any: t('o_any') }} onChange={(order) => onChange({ ...question, order: order === 'ordered' ? undefined : order })} />
        </div>
        {(isIn(fault, 'window') || isIn(fault, 'order')) && <FaultLine fault={fault} />}
      </Field>
      <CommonFields question={question} fault={fault} onChange={onChange} />
    </>
  );
}

export default function FunnelPage() {
  const work = useQuestion<FunnelQuestion, FunnelAnswer>('funnel', firstFunnel);
  const words = useWords();
  return (
    <Workbench title="funnel" note="funnelNote" work={work} table={(answer, asked) => funnelTable(answer, asked, words)} picture={(answer, asked) => funnelPicture(answer, asked, words)} builder={work.draft && <Builder question={work.draft} fault={work.fault} onChange={work.setDraft} />}>
      {(answer, asked) => <FunnelResult answer={answer} question={asked} />}
    </Workbench>
  );
}
