import { App, Button, Form, Select, Tag } from 'antd';
import { PlusOutlined } from '@ant-design/icons';
import { usePutRole, useRemoveRole, useRoles } from '../../api/people';
import { useMay } from '../../api/queries';
import { useRightName } from '../../api/rightNames';
import type { Role } from '../../api/schema';
import { useTexts } from '../../lib/texts';
import { FoundTable } from '../../ui/FoundTable';
import { useAddressText } from '../../lib/addressText';
import { Loaded } from '../../ui/Loaded';
import { PageHeader } from '../../ui/PageHeader';
import { StructureDrawer } from './StructureDrawer';
import { texts } from './texts';
import { useNameOf } from './useNameOf';

const kNew = '+new';

export default function RolesPage() {
  const t = useTexts(texts);
  const rightName = useRightName();
  const may = useMay();
  const { message, modal } = App.useApp();
  const roles = useRoles();
  const nameOf = useNameOf(roles.data?.items);
  const put = usePutRole();
  const remove = useRemoveRole();
  const [open, setOpen] = useAddressText('open');
  const edited: Partial<Role> | undefined = open === kNew ? {} : roles.data?.items.find(({ id, built_in: fixed }) => id === open && !fixed);
  const rights = [...new Set(roles.data?.items.flatMap((role) => role.rights))].sort();
  const close = () => { put.reset(); setOpen(''); };
  const ask = (role: Role) => void modal.confirm({
    title: t('removeRole', { name: nameOf(role.id) }), content: t('removeRoleBody'), okText: t('remove'), okButtonProps: { danger: true }, cancelText: t('cancel'),
    onOk: () => remove.mutateAsync(role.id).catch((error: Error) => void message.error(error.message)),
  });
  return (
    <>
      <PageHeader title={t('rolesTitle')} note={t('rolesNote')} actions={may('roles.change') && <Button type="primary" icon={<PlusOutlined />} onClick={() => setOpen(kNew)}>{t('newRole')}</Button>} />
      <Loaded query={roles} rows={8}>
        {({ items }) => (
          <section className="panel flush">
            <FoundTable<Role> rowKey="id" rows={items} words={({ id, name_zh, name_en, rights: given }) => [id, name_zh, name_en, ...given.map((one) => rightName(one))]} find={t('findRole')} empty={t('noneYet')}
              columns={[
                { title: t('role'), dataIndex: 'id', width: 200, sorter: (a, b) => nameOf(a.id).localeCompare(nameOf(b.id), 'zh-CN'), render: (id: string, role) => <><div>{role.built_in ? nameOf(id) : <button type="button" className="link-name" onClick={() => setOpen(role.id)}>{nameOf(id)}</button>}</div><span className="code quiet">{id}</span></> },
                { title: t('rights'), dataIndex: 'rights', render: (names: string[]) => names.map((name) => <Tag key={name} title={name}>{rightName(name)}</Tag>) },
                { title: t('rows'), dataIndex: 'rows', width: 220, render: (rows: string) => rows ? <span className="code">{rows}</span> : <span className="quiet">{t('everyone')}</span> },
                { key: 'actions', width: 88, render: (_, role) => role.built_in ? <span className="quiet">{t('builtIn')}</span> : may('roles.change') && <Button type="link" size="small" danger onClick={() => ask(role)}>{t('remove')}</Button> },
              ]} />
          </section>
        )}
      </Loaded>
      {edited && may('roles.change') && (
        <StructureDrawer<Role> key={open} title={edited.id ? nameOf(edited.id) : t('newRole')} thing={edited} error={put.error ?? undefined} saving={put.isPending} onClose={close}
          onSave={({ id, name_zh, name_en, rights: given, rows }) => put.mutateAsync({ id, name_zh, name_en, rights: given ?? [], rows })}>
          <Form.Item name="rights" label={t('rights')} extra={t('rightsHint')} rules={[{ required: true, message: t('rightsNeeded') }]}>
            <Select mode="multiple" options={rights.map((name) => ({ value: name, label: rightName(name) }))} optionFilterProp="label" />
          </Form.Item>
        </StructureDrawer>
      )}
    </>
  );
}
