import { useState } from 'react';
import { App, Button, Drawer, Input, Segmented } from 'antd';
import { Problem } from '../../api/client';
import { useTexts } from '../../lib/texts';
import { ProblemNote } from '../../ui/ProblemNote';
import { parsedPolicy, trimmed, type Policy } from './core/policy';
import { PolicyForm } from './PolicyForm';
import { useAskForPolicy, useSetPolicy } from './queries';
import { texts } from './texts';

// The rules as a form, or all of them as a document; the server checks either, and says where it is wrong.
export function PolicyDrawer({ policy: before, onClose }: { policy: Policy; onClose: () => void }) {
  const t = useTexts(texts);
  const { message } = App.useApp();
  const set = useSetPolicy(), ask = useAskForPolicy();
  const [form, setForm] = useState(before);
  const [text, setText] = useState<string>(); // while it is the document that is edited
  const { policy, what } = text === undefined ? { policy: trimmed(form) } : parsedPolicy(text);
  const unapproved = set.error instanceof Problem && set.error.code === 'approval';
  const changed = <Of,>(keep: (value: Of) => void) => (value: Of) => { keep(value); set.reset(); };
  const turn = (to: 'form' | 'document') => { if (to === 'document') setText(JSON.stringify(policy, null, 2)); else if (policy) { setForm(policy); setText(undefined); } };
  const body = policy ?? {};
  return (
    <Drawer open title={t('edit')} size={820} onClose={onClose} extra={<Segmented size="small" disabled={!policy} value={text === undefined ? 'form' : 'document'} options={[{ value: 'form', label: t('asForm') }, { value: 'document', label: t('asDocument') }]} onChange={turn} />}>
      <div className="stack tight">
        {text === undefined ? <PolicyForm policy={form} onChange={changed(setForm)} /> : (
          <>
            <Input.TextArea aria-label={t('document')} className="code" spellCheck={false} rows={22} value={text} onChange={(event) => changed(setText)(event.target.value)} />
            <div role="status" className={what === undefined ? 'quiet' : 'fault'}>{what === undefined ? t('documentHint') : t('notJson', { what })}</div>
          </>
        )}
        {set.isError && (unapproved ? <p>{t('needsApproval')}</p> : <ProblemNote error={set.error} />)}
        {ask.isError && <ProblemNote error={ask.error} />}
        <div className="bar">
          {!unapproved && <Button type="primary" disabled={!policy} loading={set.isPending} onClick={() => set.mutate(body, { onSuccess: () => { void message.success(t('saved')); onClose(); } })}>{t('save')}</Button>}
          {unapproved && <Button type="primary" loading={ask.isPending} onClick={() => ask.mutate(body, { onSuccess: () => { void message.success(t('asked')); onClose(); } })}>{t('askApproval')}</Button>}
          <Button onClick={onClose}>{t('cancel')}</Button>
        </div>
      </div>
    </Drawer>
  );
}
