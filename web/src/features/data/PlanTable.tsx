import { useState } from 'react';
import { Button, Checkbox, Input, Tag, type TableColumnsType } from 'antd';
import { SearchOutlined } from '@ant-design/icons';
import type { PlanEvent, PlanProperty } from '../../api/schema';
import { useAddressText, useFind } from '../../lib/addressText';
import { ago } from '../../lib/format';
import { fit } from '../../lib/match';
import { useNow } from '../../lib/now';
import { useLanguage, useTexts } from '../../lib/texts';
import { ListTable } from '../../ui/ListTable';
import { Nothing } from '../../ui/Nothing';
import { Num } from '../../ui/Num';
import { PlanDrawer } from './PlanDrawer';
import type { Thing } from './thing';
import { texts } from './texts';

export function PlanTable({ kind, things }: { kind: 'event' | 'property'; things: (PlanEvent | PlanProperty)[] }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const now = useNow(30_000);
  const [typed, setTyped] = useFind();
  const [only, setOnly] = useAddressText('only');
  const undeclared = only === 'undeclared';
  const [edited, setEdited] = useState<Thing>();
  const shown = (things as Thing[]).filter((thing) => fit(typed, [thing.name, thing.zh ?? '', thing.en ?? '']) > 0 && !(undeclared && thing.declared));
  const columns: TableColumnsType<Thing> = [
    { title: t('name'), dataIndex: 'name', ellipsis: true, sorter: (a, b) => a.name.localeCompare(b.name), render: (name: string) => <span className="code">{name}</span> },
    { title: t('zh'), dataIndex: 'zh', ellipsis: true, width: 170, sorter: (a, b) => (a.zh ?? '').localeCompare(b.zh ?? '', 'zh-CN') },
    { title: t('en'), dataIndex: 'en', ellipsis: true, width: 190 },
    ...(kind === 'event'
      ? [{ title: t('lastSeen'), dataIndex: 'last_ms', width: 150, className: 'nowrap', sorter: (a: Thing, b: Thing) => (a.last_ms ?? 0) - (b.last_ms ?? 0), render: (ms?: number) => (ms ? ago(ms, now, language) : t('never')) }]
      : [{ title: t('type'), dataIndex: 'type', width: 100, render: (type: string) => <span className="code">{type}</span> }, { title: t('class'), dataIndex: 'class', width: 100, render: (name: string) => <Tag color={name === 'C1' ? undefined : 'gold'} variant="filled">{name}</Tag> }]),
    { title: t('declaredState'), dataIndex: 'declared', width: 100, render: (declared: boolean) => <Tag color={declared ? 'green' : undefined} variant="filled">{t(declared ? 'declared' : 'undeclared')}</Tag> },
    { title: t('count'), dataIndex: 'count', width: 100, align: 'right', defaultSortOrder: 'descend', sorter: (a, b) => (a.count ?? 0) - (b.count ?? 0), render: (count?: number) => <Num value={count} /> },
    { title: <span className="unseen">{t('edit')}</span>, width: 72, align: 'right', render: (_, thing) => <Button type="link" size="small" aria-label={`${t('edit')} ${thing.name}`} onClick={() => setEdited(thing)}>{t('edit')}</Button> },
  ];
  return (
    <>
      <div className="bar" style={{ marginBottom: 12 }}>
        <Input allowClear style={{ width: 280 }} prefix={<SearchOutlined />} placeholder={t('findName')} aria-label={t('findName')} value={typed} onChange={(event) => setTyped(event.target.value)} />
        <Checkbox checked={undeclared} onChange={(event) => setOnly(event.target.checked ? 'undeclared' : '')}>{t('onlyUndeclared')}</Checkbox>
      </div>
      <ListTable<Thing> list={kind} rowKey="name" dataSource={shown} columns={columns}
        locale={{ emptyText: <Nothing what={typed ? t('planNoMatch', { typed }) : t('planEmpty')} /> }} />
      {edited && <PlanDrawer key={edited.name} kind={kind} thing={edited} onClose={() => setEdited(undefined)} />}
    </>
  );
}
