import { useState } from 'react';
import { App, Button, Dropdown, Table as List, Tabs, Tag } from 'antd';
import { EditOutlined, MoreOutlined, UploadOutlined } from '@ant-design/icons';
import { Link, useNavigate, useParams } from 'react-router-dom';
import { useMay } from '../../api/queries';
import type { Table } from '../../api/schema';
import { tableLabel, useTables, type TableColumn } from '../../api/tables';
import { useAddressPage, useAddressText } from '../../lib/addressText';
import { exact } from '../../lib/format';
import { link } from '../../lib/links';
import { useLanguage, useTexts } from '../../lib/texts';
import { Loaded } from '../../ui/Loaded';
import { Nothing } from '../../ui/Nothing';
import { PageHeader } from '../../ui/PageHeader';
import { RowsTable } from '../../ui/RowsTable';
import { Lost } from './Lost';
import { DeclareDrawer } from './DeclareDrawer';
import { Lineage } from './Lineage';
import { Owner } from './Owner';
import { useRemoveTable, useRows } from './queries';
import { texts } from './texts';
import { UploadDrawer } from './UploadDrawer';

const kPage = 50;

function Rows({ table, upload }: { table: Table; upload: React.ReactNode }) {
  const t = useTexts(texts);
  const [page, setPage] = useAddressPage();
  const rows = useRows(table.id!, (page - 1) * kPage, kPage);
  if (!useMay()('customers.view')) return <Nothing what={t('mayNotSee')} />;
  return (
    <Loaded query={rows} rows={12}>
      {({ rows: shown, total }) => (
        <RowsTable table={table} rows={shown} empty={<Nothing what={t('noRows')} next={upload} />}
          pagination={{ current: page, pageSize: kPage, total, onChange: setPage, showSizeChanger: false, hideOnSinglePage: true }} />
      )}
    </Loaded>
  );
}

function Columns({ table, all }: { table: Table; all: Table[] }) {
  const t = useTexts(texts);
  const language = useLanguage();
  return (
    <List<TableColumn> size="small" rowKey="name" dataSource={table.columns} pagination={false} columns={[
      { title: t('column'), render: (_, column) => <><span className="name">{tableLabel(column, language)}</span> <span className="quiet code">{column.name}</span> {table.key?.includes(column.name) && <Tag variant="filled" color="gold">{t('isKey')}</Tag>}</> },
      { title: t('type'), width: 200, render: (_, { type }) => t(`type_${type}`) },
      { title: t('class'), dataIndex: 'class', width: 120, render: (of?: string) => of && <Tag variant="filled" color={of === 'C1' ? undefined : 'gold'}>{of}</Tag> },
      { title: t('refers'), width: 240, render: (_, { refers }) => refers && <Link to={link(`/data/tables/${refers}`)}>{tableLabel(all.find(({ id }) => id === refers) ?? { id: refers }, language)}</Link> },
    ]} />
  );
}

function useDelete(table: Table) {
  const t = useTexts(texts);
  const language = useLanguage();
  const { modal, message } = App.useApp();
  const navigate = useNavigate();
  const remove = useRemoveTable();
  const name = tableLabel(table, language);
  return () => void modal.confirm({
    title: t('removeTitle', { name }), content: t('removeBody', { count: exact(table.rows ?? 0, language) }), okText: t('remove'), okButtonProps: { danger: true }, cancelText: t('cancel'),
    onOk: () => remove.mutateAsync(table.id!).then(() => { void message.success(t('removed', { name })); return navigate(link('/data/tables')); }, (error: Error) => void message.error(error.message)),
  });
}

function View({ table, all }: { table: Table; all: Table[] }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const may = useMay();
  const [tab, setTab] = useAddressText('tab', 'rows');
  const [open, setOpen] = useState<'edit' | 'upload'>();
  const remove = useDelete(table);
  const mayChange = may('plan.change'), mayUpload = may('customers.change') && table.columns.length > 0;
  const upload = mayUpload && <Button icon={<UploadOutlined />} onClick={() => setOpen('upload')}>{t('upload')}</Button>;
  return (
    <>
      <PageHeader title={tableLabel(table, language)} note={<><Owner table={table} all={all} /><span className="code">{table.id}</span> · {t('rows')} {exact(table.rows ?? 0, language)}</>} actions={(
        <>
          {upload}
          {mayChange && <Button type="primary" icon={<EditOutlined />} onClick={() => setOpen('edit')}>{t('edit')}</Button>}
          {mayChange && <Dropdown trigger={['click']} menu={{ items: [{ key: 'remove', danger: true, label: t('remove'), onClick: remove }] }}><Button aria-label={t('more')} icon={<MoreOutlined />} /></Dropdown>}
        </>
      )} />
      <section className="panel">
        <Tabs activeKey={tab} onChange={setTab} destroyOnHidden items={[
          { key: 'rows', label: t('tab_rows'), children: <Rows table={table} upload={upload} /> },
          { key: 'columns', label: `${t('tab_columns')} ${table.columns.length}`, children: <Columns table={table} all={all} /> },
          { key: 'lineage', label: t('tab_lineage'), children: <Lineage table={table} all={all} /> },
        ]} />
      </section>
      {open === 'edit' && <DeclareDrawer table={table} onClose={() => setOpen(undefined)} />}
      {open === 'upload' && <UploadDrawer table={table} onClose={() => setOpen(undefined)} />}
    </>
  );
}

export default function TablePage() {
  const { id = '' } = useParams();
  return (
    <Loaded query={useTables()} rows={14}>
      {({ items }) => {
        const table = items.find((one) => one.id === id);
        return table ? <View key={id} table={table} all={items} /> : <Lost id={id} />;
      }}
    </Loaded>
  );
}
