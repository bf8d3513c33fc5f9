import { useState } from 'react';
import { App, Button, Input, Modal } from 'antd';
import { useMayWhole } from '../../api/queries';
import type { Tag } from '../../api/schema';
import { labelOf } from '../../lib/label';
import { useLanguage, useTexts } from '../../lib/texts';
import { ProblemNote } from '../../ui/ProblemNote';
import { hurts, stepsOf, type Step } from './core/life';
import { useTakeStep } from './queries';
import { texts } from './texts';

export function LifeButtons({ tag }: { tag: Tag }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const { message } = App.useApp();
  const take = useTakeStep();
  const [step, setStep] = useState<Step>();
  const [note, setNote] = useState('');
  const mayChange = useMayWhole('tags.change'), mayApprove = useMayWhole('tags.approve');
  const close = () => { setStep(undefined); setNote(''); take.reset(); };
  const go = () => void take.mutateAsync({ id: tag.id, step: step!, note }).then(({ state }) => {
    close();
    void message.success(t('done', { name: labelOf(tag, language), state: t(state) }));
  }, () => undefined);
  return (
    <>
      {stepsOf(tag.state, (right) => (right === 'tags.approve' ? mayApprove : mayChange)).map((one, i) => <Button key={one} type={i === 0 && !hurts(one) ? 'primary' : 'default'} danger={one === 'retire'} onClick={() => setStep(one)}>{t(one)}</Button>)}
      <Modal open={step !== undefined} title={step && t(step)} okText={step && t(step)} okButtonProps={{ danger: step === 'retire' }} cancelText={t('cancel')} confirmLoading={take.isPending} onOk={go} onCancel={close}>
        <div className="stack tight">
          <p>{step && t(`${step}_what`)}</p>
          <Input aria-label={t('stepNote')} placeholder={`${t('stepNote')} · ${t('stepNoteHint')}`} maxLength={200} value={note} onChange={(event) => setNote(event.target.value)} />
          {take.isError && <ProblemNote error={take.error} />}
        </div>
      </Modal>
    </>
  );
}
