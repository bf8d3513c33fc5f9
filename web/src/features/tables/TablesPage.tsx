import { useState } from 'react';
import { Button, Input, Segmented, Tag } from 'antd';
import { PlusOutlined, SearchOutlined } from '@ant-design/icons';
import { Link, useNavigate } from 'react-router-dom';
import { useMay } from '../../api/queries';
import type { Table } from '../../api/schema';
import { tableLabel, useTables } from '../../api/tables';
import { useAddressText, useFind } from '../../lib/addressText';
import { link } from '../../lib/links';
import { fit } from '../../lib/match';
import { useLanguage, useTexts } from '../../lib/texts';
import { ListTable } from '../../ui/ListTable';
import { Loaded } from '../../ui/Loaded';
import { Nothing } from '../../ui/Nothing';
import { Num } from '../../ui/Num';
import { PageHeader } from '../../ui/PageHeader';
import { DeclareDrawer } from './DeclareDrawer';
import { kCustomers, Owner } from './Owner';
import { ownerOf } from './core/declaration';
import { texts } from './texts';

const kKinds = ['all', 'things', 'details'] as const;

export default function TablesPage() {
  const t = useTexts(texts);
  const language = useLanguage();
  const navigate = useNavigate();
  const [typed, setTyped] = useFind();
  const [kind, setKind] = useAddressText('kind', 'all');
  const [making, setMaking] = useState(false);
  const mayChange = useMay()('plan.change');
  const label = (id: string, all: Table[]) => tableLabel(all.find((one) => one.id === id) ?? { id }, language);
  const fits = (table: Table) => table.id !== kCustomers && fit(typed, [table.id ?? '', table.zh ?? '', table.en ?? '']) > 0 && (kind === 'all' || (kind === 'things') === (ownerOf(table) === 'nobody'));
  const make = mayChange && <Button type="primary" icon={<PlusOutlined />} onClick={() => setMaking(true)}>{t('newTable')}</Button>;
  return (
    <>
      <PageHeader title={t('title')} note={t('note')} actions={make} />
      <section className="panel flush">
        <div className="bar">
          <Input allowClear style={{ width: 280 }} prefix={<SearchOutlined />} placeholder={t('find')} aria-label={t('find')} value={typed} onChange={(event) => setTyped(event.target.value)} />
          <Segmented value={kind} onChange={setKind} options={kKinds.map((value) => ({ value, label: t(value) }))} />
        </div>
        <Loaded query={useTables()} rows={8}>
          {({ items }) => (
            <ListTable<Table> rowKey="id" dataSource={items.filter(fits)} rowClassName="opens" onRow={({ id }) => ({ onClick: () => void navigate(link(`/data/tables/${id}`)) })}
              locale={{ emptyText: <Nothing what={typed ? t('noMatch', { typed }) : t('empty')} next={!typed && make} /> }} columns={[
                { key: 'name', title: t('name'), ellipsis: true, sorter: (a, b) => tableLabel(a, language).localeCompare(tableLabel(b, language), 'zh-CN'), render: (_, table) => <Link to={link(`/data/tables/${table.id}`)} onClick={(event) => event.stopPropagation()}><span className="name">{tableLabel(table, language)}</span> <span className="quiet code">{table.id}</span></Link> },
                { title: t('kind'), width: 240, ellipsis: true, render: (_, table) => <Owner table={table} all={items} /> },
                { title: t('columns'), width: 90, align: 'right', render: (_, { columns }) => columns.length },
                { title: t('refers'), ellipsis: true, render: (_, { columns }) => [...new Set(columns.flatMap(({ refers }) => refers ?? []))].map((id) => <Tag key={id} variant="filled">{label(id, items)}</Tag>) },
                { title: t('rows'), dataIndex: 'rows', width: 120, align: 'right', sorter: (a, b) => (a.rows ?? 0) - (b.rows ?? 0), render: (rows?: number) => <Num value={rows ?? 0} /> },
              ]} />
          )}
        </Loaded>
      </section>
      {making && <DeclareDrawer onClose={() => setMaking(false)} onSaved={(id) => void navigate(link(`/data/tables/${id}`))} />}
    </>
  );
}
