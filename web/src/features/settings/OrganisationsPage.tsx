import { useState } from 'react';
import { App, Button, Form, Select } from 'antd';
import { PlusOutlined } from '@ant-design/icons';
import { useOrganisations, usePutOrganisation, useRemoveOrganisation } from '../../api/people';
import { useMay } from '../../api/queries';
import type { Organisation } from '../../api/schema';
import { useTexts } from '../../lib/texts';
import { FoundTable } from '../../ui/FoundTable';
import { useAddressText } from '../../lib/addressText';
import { Loaded } from '../../ui/Loaded';
import { PageHeader } from '../../ui/PageHeader';
import { treeOf, withAncestors, type Branch } from './organisations';
import { StructureDrawer } from './StructureDrawer';
import { texts } from './texts';
import { useNameOf } from './useNameOf';

const kNew = '+new';

export default function OrganisationsPage() {
  const t = useTexts(texts);
  const may = useMay();
  const { message, modal } = App.useApp();
  const organisations = useOrganisations();
  const nameOf = useNameOf(organisations.data?.items);
  const put = usePutOrganisation();
  const remove = useRemoveOrganisation();
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set());
  const [open, setOpen] = useAddressText('open');
  const edited: Partial<Organisation> | undefined = open === kNew ? {} : organisations.data?.items.find(({ id }) => id === open);
  const close = () => { put.reset(); setOpen(''); };
  const ask = (branch: Branch) => void modal.confirm({
    title: t('removeOrganisation', { name: nameOf(branch.id) }), content: t('removeOrganisationBody'), okText: t('remove'), okButtonProps: { danger: true }, cancelText: t('cancel'),
    onOk: () => remove.mutateAsync(branch.id).catch((error: Error) => void message.error(error.message)),
  });
  return (
    <>
      <PageHeader title={t('organisations')} note={t('organisationsNote')} actions={may('organisations.change') && <Button type="primary" icon={<PlusOutlined />} onClick={() => setOpen(kNew)}>{t('newOrganisation')}</Button>} />
      <Loaded query={organisations} rows={8}>
        {({ items }) => (
          <section className="panel flush">
            <FoundTable<Organisation, Branch> rowKey="id" rows={items} words={({ id, name_zh, name_en }) => [id, name_zh, name_en]} shape={(found) => treeOf(withAncestors(found, items))} find={t('findOrganisation')} empty={t('noOrganisations')} expandable={{ expandedRowKeys: items.filter(({ id }) => !closed.has(id)).map(({ id }) => id), onExpand: (expanded, { id }) => setClosed(new Set(expanded ? [...closed].filter((one) => one !== id) : [...closed, id])) }}
              columns={[
                { title: t('organisation'), dataIndex: 'id', sorter: (a, b) => nameOf(a.id).localeCompare(nameOf(b.id), 'zh-CN'), render: (id: string, branch) => may('organisations.change') ? <button type="button" className="link-name" onClick={() => setOpen(branch.id)}>{nameOf(id)}</button> : nameOf(id) },
                { title: t('id'), key: 'id', width: 200, render: (_, { id }) => <span className="code quiet">{id}</span> },
                { title: t('rows'), dataIndex: 'rows', render: (rows: string) => rows ? <span className="code">{rows}</span> : <span className="quiet">{t('asAbove')}</span> },
                { key: 'actions', width: 88, render: (_, branch) => may('organisations.change') && <Button type="link" size="small" danger onClick={() => ask(branch)}>{t('remove')}</Button> },
              ]} />
          </section>
        )}
      </Loaded>
      {edited && may('organisations.change') && (
        <StructureDrawer<Organisation> key={open} title={edited.id ? nameOf(edited.id) : t('newOrganisation')} thing={edited} error={put.error ?? undefined} saving={put.isPending} onClose={close}
          onSave={({ id, name_zh, name_en, parent, rows }) => put.mutateAsync({ id, name_zh, name_en, parent: parent ?? '', rows })}>
          <Form.Item name="parent" label={t('parent')}>
            <Select allowClear options={organisations.data?.items.filter(({ id }) => id !== edited.id).map(({ id }) => ({ value: id, label: nameOf(id) }))} />
          </Form.Item>
        </StructureDrawer>
      )}
    </>
  );
}
