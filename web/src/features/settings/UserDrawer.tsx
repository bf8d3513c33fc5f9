import { App, Button, Drawer, Form, Input, Select } from 'antd';
import { useChangeUser, useCreateUser, useOrganisations, useRoles, useSetRoles } from '../../api/people';
import { useMay } from '../../api/queries';
import type { User } from '../../api/schema';
import { useLanguage, useTexts } from '../../lib/texts';
import { ProblemNote } from '../../ui/ProblemNote';
import { texts } from './texts';

interface Fields {
  name: string;
  title: string;
  roles: string[];
  organisation?: string;
  rows?: string;
}

// A new user, or what may be changed of one: the system's administrators name people, those for security say
// what they may do and see.
export function UserDrawer({ user, onClose, onMade }: { user?: User; onClose: () => void; onMade: (made: { name: string; password: string }) => void }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const may = useMay();
  const { message } = App.useApp();
  const create = useCreateUser();
  const change = useChangeUser();
  const setRoles = useSetRoles();
  const roles = useRoles().data?.items ?? [];
  const organisations = useOrganisations().data?.items ?? [];
  const naming = may('users.change');
  const granting = may('roles.change') && user;
  const failed = [create, change, setRoles].find(({ isError }) => isError);
  const save = async ({ name, title, roles: given, organisation, rows }: Fields) => {
    if (!user) {
      onMade(await create.mutateAsync({ name, title }));
    } else {
      if (naming && title !== user.title) await change.mutateAsync({ name: user.name, title });
      if (granting) await setRoles.mutateAsync({ name: user.name, roles: given, organisation: organisation ?? '', rows: rows ?? '' });
      void message.success(t('saved'));
    }
    onClose();
  };
  const named = <Thing extends { id: string; name_zh: string; name_en: string }>(things: Thing[]) =>
    things.map(({ id, name_zh: zh, name_en: en }) => ({ value: id, label: (language === 'zh' ? zh : en) || id }));
  return (
    <Drawer open onClose={onClose} size={420} title={user ? user.title || user.name : t('newUser')}>
      <Form<Fields> layout="vertical" initialValues={user} onFinish={(fields) => void save(fields).catch(() => undefined)}>
        <Form.Item name="name" label={t('userName')} extra={!user && t('userNameHint')} rules={[{ required: true, pattern: /^[a-z0-9_-]{1,64}$/, message: t('userNameHint') }]}><Input disabled={!!user} autoFocus={!user} spellCheck={false} /></Form.Item>
        <Form.Item name="title" label={t('personName')}><Input maxLength={30} disabled={!naming} /></Form.Item>
        {user ? (
          <>
            <Form.Item name="roles" label={t('roles')} extra={t('rolesHint')}><Select mode="multiple" disabled={!granting} options={named(roles)} /></Form.Item>
            <Form.Item name="organisation" label={t('organisation')} extra={t('organisationHint')}><Select allowClear disabled={!granting} options={named(organisations)} /></Form.Item>
            <Form.Item name="rows" label={t('rows')} extra={t('ownRowsHint')}><Input.TextArea className="code" rows={2} maxLength={4096} disabled={!granting} spellCheck={false} placeholder={t('ownRowsExample')} /></Form.Item>
          </>
        ) : <p className="quiet" style={{ marginBottom: 16 }}>{t('newUserHint')}</p>}
        {failed && <Form.Item><ProblemNote error={failed.error} /></Form.Item>}
        <div className="bar"><Button type="primary" htmlType="submit" loading={create.isPending || change.isPending || setRoles.isPending}>{t('save')}</Button><Button onClick={onClose}>{t('cancel')}</Button></div>
      </Form>
    </Drawer>
  );
}
