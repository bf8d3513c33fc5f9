import { Button, Input } from 'antd';
import { DownloadOutlined, SearchOutlined } from '@ant-design/icons';
import { Link } from 'react-router-dom';
import { useBounded } from '../../api/queries';
import type { Members as MembersAnswer } from '../../api/schema';
import { useFind } from '../../lib/addressText';
import { download } from '../../lib/csv';
import { exact } from '../../lib/format';
import { customerLink, splitName } from '../../lib/links';
import { useLanguage, useTexts } from '../../lib/texts';
import { ListTable } from '../../ui/ListTable';
import { Loaded } from '../../ui/Loaded';
import { Nothing } from '../../ui/Nothing';
import { useKindName } from '../../ui/useKindName';
import { useMembers } from './queries';
import { texts } from './texts';

const kShown = 10_000; // the most the server gives in one answer

type Member = MembersAnswer['members'][number];

export function Members({ id, run }: { id: string; run: number | undefined }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const bounded = useBounded()('segments.view');
  const wanted = bounded || run !== undefined;
  const members = useMembers(id, run, wanted, kShown);
  const kind = useKindName();
  const [typed, setTyped] = useFind('members');
  if (!wanted) return <Nothing what={t('runFirst')} />;
  return (
    <Loaded query={members} rows={12}>
      {({ count, members: all }) => {
        const shown = all.filter(({ name }) => name.toLowerCase().includes(typed.trim().toLowerCase()));
        const save = () => download(`waypost-${id}`, [[t('kind'), t('identity')], ...shown.map(({ name }) => splitName(name))]);
        return (
          <>
            <div className="bar" style={{ marginBottom: 12 }}>
              <Input allowClear style={{ width: 260 }} prefix={<SearchOutlined />} placeholder={t('findMember')} aria-label={t('findMember')} value={typed} onChange={(event) => setTyped(event.target.value)} />
              <span className="quiet">{count > all.length ? t('firstOf', { shown: exact(all.length, language), count: exact(count, language) }) : t('allOf', { count: exact(count, language) })}</span>
              <Button className="push" icon={<DownloadOutlined />} disabled={shown.length === 0} onClick={save}>{t('csv')}</Button>
            </div>
            <ListTable<Member> list="members" rowKey="ordinal" dataSource={shown}
              locale={{ emptyText: <Nothing what={typed ? t('noMember', { typed }) : t('membersEmpty')} /> }}
              columns={[
                { title: t('identity'), dataIndex: 'name', sorter: (a, b) => a.name.localeCompare(b.name), render: (name: string) => <Link className="code" to={customerLink(name)}>{splitName(name)[1]}</Link> },
                { title: t('kind'), dataIndex: 'name', width: 160, render: (name: string) => kind(splitName(name)[0]) },
                { title: t('ordinal'), dataIndex: 'ordinal', width: 160, align: 'right', sorter: (a, b) => a.ordinal - b.ordinal },
              ]} />
          </>
        );
      }}
    </Loaded>
  );
}
