import { useState } from 'react';
import { App, Button, Dropdown, Tag, type MenuProps } from 'antd';
import { EllipsisOutlined, PlusOutlined } from '@ant-design/icons';
import { useChangeUser, useOrganisations, useRemoveFactor, useResetPassword, useRoles, useUnlock, useUsers } from '../../api/people';
import { useMay } from '../../api/queries';
import type { User } from '../../api/schema';
import { useAddressText } from '../../lib/addressText';
import { dateTime } from '../../lib/format';
import { useLanguage, useTexts } from '../../lib/texts';
import { FoundTable } from '../../ui/FoundTable';
import { Loaded } from '../../ui/Loaded';
import { PageHeader } from '../../ui/PageHeader';
import { ShownOnce } from './ShownOnce';
import { texts } from './texts';
import { UserDrawer } from './UserDrawer';
import { useNameOf } from './useNameOf';

const kNew = '+new';

function State({ user }: { user: User }) {
  const t = useTexts(texts);
  const [word, colour] = user.disabled ? (['disabled', 'default'] as const) : user.locked ? (['locked', 'red'] as const) : user.must_change ? (['firstPassword', 'gold'] as const) : (['active', 'green'] as const);
  return <><Tag variant="filled" color={colour}>{t(word)}</Tag>{user.second_factor && <Tag variant="filled" color="blue">{t('factor')}</Tag>}</>;
}

function Actions({ user, onPassword }: { user: User; onPassword: (made: { name: string; password: string }) => void }) {
  const t = useTexts(texts);
  const { modal, message } = App.useApp();
  const change = useChangeUser();
  const reset = useResetPassword();
  const unlock = useUnlock();
  const removeFactor = useRemoveFactor();
  const said = (work: Promise<unknown>) => work.then(() => message.success(t('saved'))).catch((error: Error) => message.error(error.message));
  const confirm = (title: string, content: string, work: () => Promise<unknown>) => modal.confirm({ title, content, okText: t('yes'), cancelText: t('cancel'), onOk: work });
  const items: MenuProps['items'] = [
    { key: 'reset', label: t('resetPassword'), onClick: () => void confirm(t('resetPassword'), t('resetHint', { name: user.name }), async () => onPassword(await reset.mutateAsync(user.name))) },
    ...(user.locked ? [{ key: 'unlock', label: t('unlock'), onClick: () => void said(unlock.mutateAsync(user.name)) }] : []),
    ...(user.second_factor ? [{ key: 'factor', label: t('removeFactor'), onClick: () => void confirm(t('removeFactor'), t('removeFactorHint', { name: user.name }), () => said(removeFactor.mutateAsync(user.name))) }] : []),
    user.disabled
      ? { key: 'enable', label: t('enable'), onClick: () => void said(change.mutateAsync({ name: user.name, disabled: false })) }
      : { key: 'disable', danger: true, label: t('disable'), onClick: () => void confirm(t('disable'), t('disableHint', { name: user.name }), () => said(change.mutateAsync({ name: user.name, disabled: true }))) },
  ];
  return <Dropdown trigger={['click']} menu={{ items }}><Button type="text" size="small" icon={<EllipsisOutlined />} aria-label={`${t('more')} ${user.name}`} /></Dropdown>;
}

export default function UsersPage() {
  const t = useTexts(texts);
  const language = useLanguage();
  const may = useMay();
  const users = useUsers();
  const roleName = useNameOf(useRoles().data?.items);
  const organisationName = useNameOf(useOrganisations().data?.items);
  const [open, setOpen] = useAddressText('open');
  const edited = users.data?.items.find(({ name }) => name === open);
  const [made, setMade] = useState<{ name: string; password: string }>();
  return (
    <>
      <PageHeader title={t('users')} note={t('usersNote')} actions={may('users.change') && <Button type="primary" icon={<PlusOutlined />} onClick={() => setOpen(kNew)}>{t('newUser')}</Button>} />
      <Loaded query={users} rows={8}>
        {({ items }) => (
          <section className="panel flush">
            <FoundTable<User> rowKey="name" rows={items} words={({ name, title, roles: given, organisation }) => [name, title, ...given.map(roleName), organisation && organisationName(organisation)]} find={t('findUser')} empty={t('noneYet')}
              columns={[
                { title: t('userName'), dataIndex: 'name', width: 180, ellipsis: true, sorter: (a, b) => a.name.localeCompare(b.name), render: (name: string, user) => <button type="button" className="link-name" onClick={() => setOpen(user.name)}>{name}</button> },
                { title: t('personName'), dataIndex: 'title', width: 140, ellipsis: true, sorter: (a, b) => a.title.localeCompare(b.title, 'zh-CN') },
                { title: t('roles'), dataIndex: 'roles', render: (ids: string[]) => ids.length ? ids.map((id) => <Tag key={id}>{roleName(id)}</Tag>) : <span className="quiet">{t('noRoles')}</span> },
                { title: t('organisation'), dataIndex: 'organisation', width: 140, ellipsis: true, render: (id: string) => id ? organisationName(id) : <span className="quiet">{t('whole')}</span> },
                { title: t('userState'), key: 'state', width: 170, render: (_, user) => <State user={user} /> },
                { title: t('created'), dataIndex: 'created', width: 180, className: 'nowrap', sorter: (a, b) => a.created.localeCompare(b.created), render: (time: string) => dateTime(Date.parse(time), language) },
                { key: 'actions', width: 56, render: (_, user) => may('users.change') && <Actions user={user} onPassword={setMade} /> },
              ]} />
          </section>
        )}
      </Loaded>
      {(edited || (open === kNew && may('users.change'))) && <UserDrawer key={open} user={edited} onClose={() => setOpen('')} onMade={setMade} />}
      {made && <ShownOnce title={t('passwordOf', { name: made.name })} note={t('passwordOnce')} secret={made.password} onClose={() => setMade(undefined)} />}
    </>
  );
}
