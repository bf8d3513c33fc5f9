import { useState } from 'react';
import { App, Input, Modal } from 'antd';
import type { Task } from '../../api/schema';
import { useTexts } from '../../lib/texts';
import { ProblemNote } from '../../ui/ProblemNote';
import type { Step } from './core/steps';
import { useStepTask } from './queries';
import { texts } from './texts';

const kWords = { accept: 'accept', done: 'doneStep', refuse: 'refuse' } as const;
export const stepWord = (step: Step) => kWords[step];

// A step of a task, with a note that its customer's history keeps.
export function StepDialog({ task, step, onClose }: { task: Task; step: Step; onClose: () => void }) {
  const t = useTexts(texts);
  const { message } = App.useApp();
  const take = useStepTask();
  const [note, setNote] = useState('');
  const [missing, setMissing] = useState(false);
  const go = () => {
    if (step === 'refuse' && note.trim() === '') return setMissing(true);
    take.mutate({ task: task.key, step, note: note.trim() }, { onSuccess: ({ state }) => { void message.success(t('said', { state: t(state) })); onClose(); } });
  };
  return (
    <Modal open title={t(stepWord(step))} okText={t(stepWord(step))} okButtonProps={{ danger: step === 'refuse' }} cancelText={t('cancel')} confirmLoading={take.isPending} onOk={go} onCancel={onClose}>
      <div className="stack tight">
        <p>{task.text}</p>
        <p className="quiet">{t(`${step}_what`)}</p>
        <Input.TextArea autoFocus aria-label={t('stepNote')} rows={2} maxLength={300} placeholder={t(step === 'refuse' ? 'reasonHint' : 'noteHint')} value={note} onChange={(event) => { setNote(event.target.value); setMissing(false); }} />
        {missing && <div role="alert" className="fault">{t('reasonNeeded')}</div>}
        {take.isError && <ProblemNote error={take.error} />}
      </div>
    </Modal>
  );
}
