import { useState } from 'react';
import { Button, Tabs, Tooltip, type TableColumnsType } from 'antd';
import { BlockOutlined, PlusOutlined, UploadOutlined } from '@ant-design/icons';
import { Link, useNavigate } from 'react-router-dom';
import { useBounded, useLists, useMayWhole, useSegments } from '../../api/queries';
import type { Segment } from '../../api/schema';
import { useAddressText, useFind } from '../../lib/addressText';
import { ago } from '../../lib/format';
import { link } from '../../lib/links';
import { fit } from '../../lib/match';
import { useNow } from '../../lib/now';
import { useLanguage, useTexts } from '../../lib/texts';
import { ListTable } from '../../ui/ListTable';
import { Loaded } from '../../ui/Loaded';
import { Nothing } from '../../ui/Nothing';
import { Num, Rate } from '../../ui/Num';
import { PageHeader } from '../../ui/PageHeader';
import { TabSearch } from '../../ui/TabSearch';
import { Changes } from './Changes';
import { labelOf } from '../../lib/label';
import { texts } from './texts';
import { UploadDrawer } from './UploadDrawer';

const timeOf = (segment: Segment) => Date.parse(segment.last_run?.at ?? '') || 0;
const sizeOf = (segment: Segment) => segment.last_run?.count ?? -1;

function useColumns(): Record<'name' | 'owner' | 'size' | 'changes' | 'time' | 'rule' | 'key' | 'matched', TableColumnsType<Segment>[number]> {
  const t = useTexts(texts);
  const language = useLanguage();
  const now = useNow(30_000);
  return {
    name: { key: 'name', title: t('name'), ellipsis: true, sorter: (a, b) => labelOf(a, language).localeCompare(labelOf(b, language), 'zh-CN'), render: (_, { id, ...names }) => <><span className="name">{labelOf({ id, ...names }, language)}</span> <span className="quiet code">{id}</span></> },
    owner: { title: t('owner'), dataIndex: 'owner', width: 130, ellipsis: true, sorter: (a, b) => (a.owner ?? '').localeCompare(b.owner ?? '', 'zh-CN') },
    size: { key: 'size', title: t('size'), width: 110, align: 'right', sorter: (a, b) => sizeOf(a) - sizeOf(b), render: (_, { last_run: run }) => (run ? <b><Num value={run.count} /></b> : <span className="quiet">{t('notRun')}</span>) },
    changes: { title: t('change'), width: 130, render: (_, { last_run: run }) => <Changes run={run} /> },
    time: { key: 'lastRun', title: t('lastRun'), width: 150, className: 'nowrap', defaultSortOrder: 'descend', sorter: (a, b) => timeOf(a) - timeOf(b), render: (_, segment) => (timeOf(segment) ? ago(timeOf(segment), now, language) : '–') },
    rule: { title: t('rule'), dataIndex: 'eql', ellipsis: true, render: (eql = '') => <Tooltip title={eql}><span className="code quiet">{String(eql).replace(/^FIND customer( WHERE )?/, '')}</span></Tooltip> },
    key: { title: t('key'), dataIndex: 'key', width: 130, render: (key?: string) => key && <span className="code">{key}</span> },
    matched: { title: t('matched'), width: 140, align: 'right', render: (_, { last_run: run }) => run?.given !== undefined && <Rate part={run.matched ?? 0} whole={run.given} /> },
  };
}

function SegmentTable({ list, items, columns, empty, onOpen }: { list?: string; items: Segment[]; columns: TableColumnsType<Segment>; empty: string; onOpen?: (id: string) => void }) {
  const t = useTexts(texts);
  const [typed] = useFind();
  const shown = items.filter(({ id, name_zh: zh = '', name_en: en = '', owner = '', eql = '' }) => fit(typed, [id, zh, en, owner]) > 0 || eql.toLowerCase().includes(typed.toLowerCase()));
  return (
    <ListTable<Segment> list={list} rowKey="id" dataSource={shown} columns={columns}
      rowClassName={onOpen ? 'opens' : ''} onRow={({ id }) => ({ onClick: () => onOpen?.(id) })}
      locale={{ emptyText: <Nothing what={typed ? t('noMatch', { typed }) : empty} /> }} />
  );
}

export default function SegmentsPage() {
  const t = useTexts(texts);
  const navigate = useNavigate();
  const [tab, setTab] = useAddressText('tab', 'segments');
  const [typed, setTyped] = useFind();
  const [uploading, setUploading] = useState(false);
  const segments = useSegments(), lists = useLists();
  const bounded = useBounded()('segments.view');
  const mayChange = useMayWhole('segments.change');
  const { name, owner, size, changes, time, rule, key, matched } = useColumns();
  const linked = { ...name, render: (text: unknown, segment: Segment, i: number) => <Link to={link(`/segments/${segment.id}`)} onClick={(event) => event.stopPropagation()}>{(name as { render: (...args: unknown[]) => React.ReactNode }).render(text, segment, i)}</Link> };
  return (
    <>
      <PageHeader title={t('title')} note={t('note')} actions={(
        <>
          <Button icon={<BlockOutlined />} disabled={(segments.data?.items.length ?? 0) < 2} onClick={() => void navigate(link('/segments/overlap'))}>{t('overlap')}</Button>
          {mayChange && <Button icon={<UploadOutlined />} onClick={() => setUploading(true)}>{t('upload')}</Button>}
          {mayChange && <Button type="primary" icon={<PlusOutlined />} onClick={() => void navigate(link('/segments/new'))}>{t('new')}</Button>}
        </>
      )} />
      <section className="panel">
        <TabSearch label={t('find')} value={typed} onChange={setTyped} />
        <Tabs activeKey={tab} onChange={setTab} destroyOnHidden
          items={[
            { key: 'segments', label: `${t('title')} ${segments.data?.items.length ?? ''}`, children: <Loaded query={segments} rows={10}>{({ items }) => <SegmentTable items={items} columns={bounded ? [linked, rule, owner] : [linked, rule, owner, size, changes, time]} empty={t('empty')} onOpen={(id) => void navigate(link(`/segments/${id}`))} />}</Loaded> },
            { key: 'lists', label: `${t('lists')} ${lists.data?.items.length ?? ''}`, children: <Loaded query={lists} rows={10}>{({ items }) => <SegmentTable list="lists" items={items} columns={bounded ? [name, key, owner] : [name, key, owner, size, matched, time]} empty={t('listsEmpty')} />}</Loaded> },
          ]} />
      </section>
      {uploading && <UploadDrawer onClose={() => setUploading(false)} />}
    </>
  );
}
