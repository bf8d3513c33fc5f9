import { useState } from 'react';
import { Button, Input, Segmented, Select, Tag } from 'antd';
import { SearchOutlined } from '@ant-design/icons';
import { Link } from 'react-router-dom';
import { useMay, useTasks } from '../../api/queries';
import type { Task } from '../../api/schema';
import { useAddressText, useFind } from '../../lib/addressText';
import { dateTime, exact } from '../../lib/format';
import { journeyName } from '../../lib/label';
import { customerLink, link, splitName } from '../../lib/links';
import { fit } from '../../lib/match';
import { useNow } from '../../lib/now';
import { useLanguage, useTexts } from '../../lib/texts';
import { ListTable } from '../../ui/ListTable';
import { Loaded } from '../../ui/Loaded';
import { Nothing } from '../../ui/Nothing';
import { PageHeader } from '../../ui/PageHeader';
import { isLate, receiverOf, stepsOf, type Step } from './core/steps';
import { StepDialog, stepWord } from './StepDialog';
import { texts } from './texts';

const kStates = ['open', 'waiting', 'accepted', 'done', 'refused', 'withdrawn'] as const;
const kColours = { waiting: 'gold', accepted: 'blue', done: 'green', refused: 'red', withdrawn: 'default' } as const;

function Customer({ name }: { name: string }) {
  const [, value] = splitName(name);
  return value.includes('****') ? <span className="code">{value}</span> : <Link className="code" to={customerLink(name)}>{value}</Link>;
}

export default function TasksPage() {
  const t = useTexts(texts);
  const language = useLanguage();
  const now = useNow(60_000);
  const [state, setState] = useAddressText('state', 'open');
  const [to, setTo] = useAddressText('to');
  const [typed, setTyped] = useFind();
  const [taking, setTaking] = useState<{ task: Task; step: Step }>();
  const may = useMay();
  const query = useTasks(state === 'all' ? '' : state, to);
  const counts = query.data?.counts ?? {};
  const countOf = (one: string) => (one === 'open' ? (counts.waiting ?? 0) + (counts.accepted ?? 0) : one === 'all' ? Object.values(counts).reduce((sum, count) => sum + count, 0) : (counts[one] ?? 0));
  const fits = (task: Task) => fit(typed, [task.text, splitName(task.customer)[1], receiverOf(task.to), task.journey, task.journey_name ?? '', task.journey_name_en ?? '', task.by ?? '', task.note ?? '']) > 0;
  const actions = (task: Task) => stepsOf(task.state).map((step) => <Button key={step} size="small" type={step === 'accept' || task.state === 'accepted' ? 'primary' : 'text'} danger={step === 'refuse'} onClick={() => setTaking({ task, step })}>{t(stepWord(step))}</Button>);
  return (
    <>
      <PageHeader title={t('title')} note={t('note')} />
      <section className="panel flush">
        <div className="bar">
          <Segmented aria-label={t('state')} value={state} onChange={setState} options={[...kStates, 'all' as const].map((one) => ({ value: one, label: t('open_count', { name: t(one), count: exact(countOf(one), language) }) }))} />
          <Input className="push" allowClear style={{ width: 260 }} prefix={<SearchOutlined />} placeholder={t('find')} aria-label={t('find')} value={typed} onChange={(event) => setTyped(event.target.value)} />
          <Select aria-label={t('to')} style={{ width: 170 }} showSearch allowClear placeholder={t('everybody')} value={to || undefined} onChange={(value?: string) => setTo(value ?? '')}
            options={query.data?.to.map(({ to: one, open }) => ({ value: one, label: t('open_count', { name: receiverOf(one), count: exact(open, language) }) }))} optionFilterProp="label" />
        </div>
        <Loaded query={query} rows={8}>
          {({ items }) => (
            <ListTable<Task> rowKey="key" dataSource={items.filter(fits)} locale={{ emptyText: <Nothing what={typed && items.length > 0 ? t('noMatch', { typed }) : t(countOf('all') === 0 ? 'none' : 'noneHere')} /> }} columns={[
              { title: t('what'), render: (_, task) => <><div className="name">{task.text}</div>{task.by && <div className="quiet">{task.by}{task.note && ` · ${task.note}`}</div>}</> },
              { title: t('customer'), dataIndex: 'customer', width: 130, ellipsis: true, sorter: (a, b) => a.customer.localeCompare(b.customer), render: (name: string) => <Customer name={name} /> },
              { title: t('to'), dataIndex: 'to', width: 110, ellipsis: true, sorter: (a, b) => a.to.localeCompare(b.to, 'zh-CN'), render: receiverOf },
              { title: t('journey'), width: 130, ellipsis: true, render: (_, { journey: id, journey_name: name, journey_name_en: name_en }) => { const called = journeyName({ id, name, name_en }, language); return may('journeys.view') ? <Link to={link(`/journeys/${id}`)}>{called}</Link> : called; } },
              { key: 'due', title: t('due'), width: 150, className: 'nowrap', sorter: (a, b) => (a.due ?? '9').localeCompare(b.due ?? '9'), render: (_, task) => (task.due === undefined ? '–' : <span className={isLate(task, now) ? 'down' : undefined} title={isLate(task, now) ? t('late') : undefined}>{dateTime(Date.parse(task.due), language)}</span>) },
              { title: t('state'), width: 96, render: (_, { state: is }) => <Tag variant="filled" color={kColours[is]}>{t(is)}</Tag> },
              ...(may('tasks.change') ? [{ title: t('actions'), width: 210, render: (_: unknown, task: Task) => <div className="bar" style={{ flexWrap: 'nowrap' }}>{actions(task)}</div> }] : []),
            ]} />
          )}
        </Loaded>
      </section>
      {taking && <StepDialog {...taking} onClose={() => setTaking(undefined)} />}
    </>
  );
}
