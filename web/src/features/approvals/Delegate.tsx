import { useState } from 'react';
import { App, Button, Form, Modal } from 'antd';
import { useApprovals } from '../../api/approvals';
import { useRoles, useUsers } from '../../api/people';
import type { Approval } from '../../api/schema';
import { useTexts } from '../../lib/texts';
import { OpenSelect } from '../../ui/OpenSelect';
import { ProblemNote } from '../../ui/ProblemNote';
import { useDelegate } from './queries';
import { texts } from './texts';

// Who may be asked instead: users who may approve, or, for those who do not see users, the people of all flows. Names to titles.
function useOthers({ asker, flow, level }: Approval): Map<string, string> {
  const users = useUsers().data?.items;
  const roles = useRoles().data?.items;
  const flows = useApprovals().data?.flows ?? {};
  const approving = roles?.flatMap(({ id, rights }) => (rights.includes('journeys.approve') ? [id] : []));
  const known = users ? users.filter(({ disabled, roles: of }) => !disabled && (!approving || of.some((role) => approving.includes(role))))
    : Object.values(flows).flatMap(({ levels }) => levels.flatMap(({ people = [] }) => people.map((name) => ({ name, title: '' }))));
  const asked = [asker, ...(flow.levels[level]?.people ?? [])];
  return new Map(known.filter(({ name }) => !asked.includes(name)).map(({ name, title }) => [name, title ? `${title} (${name})` : name]));
}

// Lets somebody else be asked instead of the person who is asked now.
export function Delegate({ approval }: { approval: Approval }) {
  const t = useTexts(texts);
  const { message } = App.useApp();
  const delegate = useDelegate(approval.subject);
  const others = useOthers(approval);
  const [open, setOpen] = useState(false);
  const [to, setTo] = useState<string>();
  const close = () => { setOpen(false); setTo(undefined); delegate.reset(); };
  const handOn = (other: string) => delegate.mutateAsync({ to: other }).then(() => void message.success(t('delegated')), () => undefined); // what failed stands below
  return (
    <>
      <Button className="push" onClick={() => setOpen(true)}>{t('delegate')}</Button>
      <Modal open={open} title={t('delegateTitle')} okText={t('delegate')} cancelText={t('cancel')} okButtonProps={{ disabled: !to, loading: delegate.isPending }} onOk={() => to && void handOn(to)} onCancel={close} destroyOnHidden>
        <div className="stack tight">
          <p>{t('delegateBody')}</p>
          <Form layout="vertical"><Form.Item label={t('delegateTo')}><OpenSelect aria-label={t('delegateTo')} width="100%" placeholder={t('delegateHint')} value={to} usual={[...others.keys()]} nameOf={(name) => others.get(name) ?? name} onChange={setTo} /></Form.Item></Form>
          {delegate.isError && <ProblemNote error={delegate.error} />}
        </div>
      </Modal>
    </>
  );
}
