import { useState } from 'react';
import { App, Button, Input, Modal } from 'antd';
import { useNavigate } from 'react-router-dom';
import type { Identity } from '../../api/schema';
import { exact } from '../../lib/format';
import { link } from '../../lib/links';
import { useGap, useLanguage, useTexts } from '../../lib/texts';
import { ProblemNote } from '../../ui/ProblemNote';
import { useErase } from './queries';
import { texts } from './texts';

// Erases the customer once its identity is typed: nothing brings it back.
export function EraseButton({ who, events, identities }: { who: Identity; events: number; identities: number }) {
  const t = useTexts(texts);
  const gap = useGap();
  const language = useLanguage();
  const navigate = useNavigate();
  const { message } = App.useApp();
  const erase = useErase();
  const [asked, setAsked] = useState(false);
  const [typed, setTyped] = useState('');
  const close = () => { setAsked(false); setTyped(''); erase.reset(); };
  const now = () => erase.mutate(who, { onSuccess: () => { void message.success(t('eraseDone')); void navigate(link('/customers'), { replace: true }); } });
  return (
    <>
      <Button danger onClick={() => setAsked(true)}>{t('erase')}</Button>
      <Modal open={asked} title={t('eraseTitle')} okText={t('eraseNow')} cancelText={t('cancel')} okButtonProps={{ danger: true, disabled: typed.trim() !== who.value, loading: erase.isPending }} onOk={now} onCancel={close} destroyOnHidden>
        <div className="stack tight">
          <p>{t('eraseBody', { events: exact(events, language), identities: exact(identities, language) })}</p>
          <label htmlFor="erase-who">{t('eraseType')}{gap}<span className="code">{who.value}</span></label>
          <Input id="erase-who" className="code" value={typed} spellCheck={false} autoComplete="off" onChange={(event) => setTyped(event.target.value)} />
          {erase.isError && <ProblemNote error={erase.error} />}
        </div>
      </Modal>
    </>
  );
}
