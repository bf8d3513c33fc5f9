import { Tabs } from 'antd';
import { useApprovals, waitsFor } from '../../api/approvals';
import { useSession } from '../../api/queries';
import type { Approval } from '../../api/schema';
import { useAddressText, useFind } from '../../lib/addressText';
import { ago } from '../../lib/format';
import { fit } from '../../lib/match';
import { useNow } from '../../lib/now';
import { useLanguage, useTexts } from '../../lib/texts';
import { ListTable } from '../../ui/ListTable';
import { Loaded } from '../../ui/Loaded';
import { Nothing } from '../../ui/Nothing';
import { PageHeader } from '../../ui/PageHeader';
import { TabSearch } from '../../ui/TabSearch';
import { ApprovalDrawer } from './ApprovalDrawer';
import { useSubjectName } from './names';
import { State } from './State';
import { texts } from './texts';

function Requests({ list, items, empty, onOpen }: { list: string; items: Approval[]; empty: string; onOpen: (subject: string) => void }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const now = useNow(30_000);
  const [typed] = useFind();
  const name = useSubjectName();
  const shown = items.filter(({ subject, asker }) => fit(typed, [subject, name(subject), asker]) > 0);
  return (
    <ListTable<Approval> list={list} rowKey="subject" dataSource={shown}
      rowClassName="opens" onRow={({ subject }) => ({ onClick: () => onOpen(subject) })} locale={{ emptyText: <Nothing what={typed ? t('noMatch', { typed }) : empty} /> }} columns={[
        { key: 'subject', title: t('subject'), ellipsis: true, sorter: (a, b) => a.subject.localeCompare(b.subject), render: (_, of) => <><button type="button" className="link-name" onClick={() => onOpen(of.subject)}>{name(of.subject)}</button> <span className="quiet code">{of.subject}</span></> },
        { title: t('asker'), dataIndex: 'asker', width: 160, ellipsis: true, sorter: (a, b) => a.asker.localeCompare(b.asker) },
        { title: t('level'), width: 220, ellipsis: true, render: (_, { flow, level, state }) => (state === 'open' ? `${level + 1}/${flow.levels.length} ${flow.levels[level]?.name ?? ''}` : '–') },
        { title: t('state'), dataIndex: 'state', width: 110, render: (state: Approval['state']) => <State of={state} /> },
        { title: t('askedAt'), dataIndex: 'asked_ms', width: 150, className: 'nowrap', defaultSortOrder: 'descend', sorter: (a, b) => a.asked_ms - b.asked_ms, render: (time: number) => ago(time, now, language) },
      ]} />
  );
}

export default function ApprovalsPage() {
  const t = useTexts(texts);
  const [tab, setTab] = useAddressText('tab', 'mine');
  const [typed, setTyped] = useFind();
  const [open, setOpen] = useAddressText('open');
  const approvals = useApprovals();
  const person = useSession().data?.person ?? '';
  const lists = (all: Approval[]) => [
    { key: 'mine', items: all.filter((one) => waitsFor(one, person)), empty: t('noneMine') },
    { key: 'asked', items: all.filter(({ asker }) => asker === person), empty: t('noneAsked') },
    { key: 'all', items: all, empty: t('none') },
  ] as const;
  return (
    <>
      <PageHeader title={t('title')} note={t('note')} />
      <section className="panel">
        <TabSearch label={t('find')} value={typed} onChange={setTyped} />
        <Loaded query={approvals} rows={8}>
          {({ requests }) => <Tabs activeKey={tab} onChange={setTab} destroyOnHidden items={lists(requests).map(({ key, items, empty }) => ({ key, label: `${t(key)} ${items.length}`, children: <Requests list={key} items={items} empty={empty} onOpen={setOpen} /> }))} />}
        </Loaded>
      </section>
      {open && <ApprovalDrawer key={open} subject={open} onClose={() => setOpen('')} />}
    </>
  );
}
