import { useMemo, useState } from 'react';
import { App, Button, Input, Tag } from 'antd';
import { ClusterOutlined, CopyOutlined, SearchOutlined } from '@ant-design/icons';
import { Link, useNavigate, useSearchParams } from 'react-router-dom';
import { useNames } from '../../api/names';
import { useAnswer, useMayWhole } from '../../api/queries';
import { parse } from '../../lib/addressState';
import { useFind } from '../../lib/addressText';
import { exact } from '../../lib/format';
import { customerLink, questionLink, splitName } from '../../lib/links';
import { useLanguage, useTexts } from '../../lib/texts';
import { ListTable } from '../../ui/ListTable';
import { Loaded } from '../../ui/Loaded';
import { Nothing } from '../../ui/Nothing';
import { PageHeader } from '../../ui/PageHeader';
import { useKindName } from '../../ui/useKindName';
import { ListDrawer } from './ListDrawer';
import { SearchPanel } from './SearchPanel';
import { describe, type PeopleQuestion } from './describe';
import { texts } from './texts';

interface Row {
  ordinal: number;
  kind: string;
  identity: string;
}

function rowOf(name: string, ordinal: number): Row {
  const [kind, identity] = splitName(name);
  return { ordinal, kind, identity };
}

function People({ question, count, names, ordinals, title }: { question: PeopleQuestion; count: number; names: string[]; ordinals: number[]; title: string }) {
  const t = useTexts(texts);
  const { message } = App.useApp();
  const navigate = useNavigate();
  const [typed, setTyped] = useFind();
  const [listing, setListing] = useState(false);
  const rows = useMemo(() => names.map((name, i) => rowOf(name, ordinals[i] ?? 0)), [names, ordinals]);
  const found = rows.filter(({ identity }) => identity.toLowerCase().includes(typed.trim().toLowerCase()));
  const kind = useKindName();
  const maySelect = useMayWhole('segments.change');
  const copy = async () => {
    await navigator.clipboard.writeText(found.map(({ identity }) => identity).join('\n'));
    void message.success(t('copied', { count: found.length }));
  };
  const back = () => {
    const { customers_of: _, ...asked } = question;
    void navigate(questionLink(asked));
  };
  return (
    <section className="panel flush">
      <div className="bar">
        <Input allowClear style={{ width: 260 }} prefix={<SearchOutlined />} placeholder={t('find')} aria-label={t('find')} value={typed} onChange={(event) => setTyped(event.target.value)} />
        <Button className="push" icon={<CopyOutlined />} disabled={found.length === 0} onClick={() => void copy()}>{t('copyAll')}</Button>
        <Button onClick={back}>{t('back')}</Button>
        {maySelect && <Button type="primary" icon={<ClusterOutlined />} disabled={count === 0} onClick={() => setListing(true)}>{t('makeSegment')}</Button>}
      </div>
      <ListTable<Row> rowKey="ordinal" dataSource={found}
        locale={{ emptyText: <Nothing what={typed ? t('noMatch', { typed }) : t('noneBehind')} /> }}
        columns={[
          { title: t('identity'), dataIndex: 'identity', sorter: (a, b) => a.identity.localeCompare(b.identity), render: (text: string, { kind: of }) => <Link className="code" to={customerLink(`${of}:${text}`)}>{text}</Link> },
          { title: t('kind'), dataIndex: 'kind', width: 160, render: (name: string) => name && <Tag variant="filled">{kind(name)}</Tag> },
          { title: t('ordinal'), dataIndex: 'ordinal', width: 160, align: 'right', sorter: (a, b) => a.ordinal - b.ordinal },
        ]} />
      {listing && <ListDrawer count={count} ordinals={ordinals} suggested={title} onClose={() => setListing(false)} />}
    </section>
  );
}

export default function CustomersPage() {
  const t = useTexts(texts);
  const language = useLanguage();
  const names = useNames();
  const [query] = useSearchParams();
  const question = parse<PeopleQuestion>(query.get('q'));
  const answer = useAnswer<object>(question);
  const people = answer.data?.customers;
  return (
    <>
      <PageHeader title={question && people ? t('of', { count: exact(people.count, language) }) : t('title')}
        note={question?.customers_of && <>{t('from')} {t(question.ask)} · {describe(question, names, t)}</>} />
      {question ? (
        <Loaded query={answer} rows={12}>{() => <People question={question} count={people?.count ?? 0} names={people?.names ?? []} ordinals={people?.ordinals ?? []} title={question.customers_of ? describe(question, names, t) : t(question.ask)} />}</Loaded>
      ) : (
        <SearchPanel />
      )}
    </>
  );
}
