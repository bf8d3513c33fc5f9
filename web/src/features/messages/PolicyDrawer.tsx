import { useState } from 'react';
import { App, Button, Drawer, Input } from 'antd';
import { Problem } from '../../api/client';
import { useTexts } from '../../lib/texts';
import { ProblemNote } from '../../ui/ProblemNote';
import { parsedPolicy, type Policy } from './core/policy';
import { useAskForPolicy, useSetPolicy } from './queries';
import { texts } from './texts';

// The rules as a document: checked by the server, which says where it is wrong.
export function PolicyDrawer({ policy: before, onClose }: { policy: Policy; onClose: () => void }) {
  const t = useTexts(texts);
  const { message } = App.useApp();
  const set = useSetPolicy(), ask = useAskForPolicy();
  const [text, setText] = useState(JSON.stringify(before, null, 2));
  const { policy, what } = parsedPolicy(text);
  const unapproved = set.error instanceof Problem && set.error.code === 'approval';
  const type = (next: string) => { setText(next); set.reset(); };
  return (
    <Drawer open title={t('edit')} size={640} onClose={onClose}>
      <div className="stack tight">
        <Input.TextArea aria-label={t('document')} className="code" spellCheck={false} rows={22} value={text} onChange={(event) => type(event.target.value)} />
        <div role="status" className={what === undefined ? 'quiet' : 'fault'}>{what === undefined ? t('documentHint') : t('notJson', { what })}</div>
        {set.isError && (unapproved ? <p>{t('needsApproval')}</p> : <ProblemNote error={set.error} />)}
        {ask.isError && <ProblemNote error={ask.error} />}
        <div className="bar">
          {!unapproved && <Button type="primary" disabled={!policy} loading={set.isPending} onClick={() => policy && set.mutate(policy, { onSuccess: () => { void message.success(t('saved')); onClose(); } })}>{t('save')}</Button>}
          {unapproved && <Button type="primary" loading={ask.isPending} onClick={() => policy && ask.mutate(policy, { onSuccess: () => { void message.success(t('asked')); onClose(); } })}>{t('askApproval')}</Button>}
          <Button onClick={onClose}>{t('cancel')}</Button>
        </div>
      </div>
    </Drawer>
  );
}
