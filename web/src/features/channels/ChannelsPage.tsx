import { Button, Tag } from 'antd';
import { PlusOutlined } from '@ant-design/icons';
import { Link, useNavigate } from 'react-router-dom';
import { useChannels, useMay } from '../../api/queries';
import type { Channels } from '../../api/schema';
import { labelOf } from '../../lib/label';
import { link } from '../../lib/links';
import { useLanguage, useTexts } from '../../lib/texts';
import { FoundTable } from '../../ui/FoundTable';
import { Loaded } from '../../ui/Loaded';
import { Num } from '../../ui/Num';
import { PageHeader } from '../../ui/PageHeader';
import { texts } from './texts';

type Channel = Channels['channels'][number];

export default function ChannelsPage() {
  const t = useTexts(texts);
  const language = useLanguage();
  const navigate = useNavigate();
  const channels = useChannels();
  const mayChange = useMay()('server.change');
  const make = mayChange && <Button type="primary" icon={<PlusOutlined />} onClick={() => void navigate(link('/channels/new'))}>{t('newChannel')}</Button>;
  const title = ({ name, title_zh: name_zh, title_en: name_en }: Channel) => labelOf({ id: name, name_zh, name_en }, language);
  return (
    <>
      <PageHeader title={t('channels')} note={t('channelsNote')} actions={make} />
      <section className="panel flush">
        <Loaded query={channels} rows={6}>
          {({ channels: all }) => (
            <FoundTable<Channel> rowKey="name" rows={all} words={({ name, title_zh, title_en }) => [name, title_zh, title_en]} find={t('findChannel')} empty={t('noChannels')} next={make} rowClassName="opens" onRow={({ name }) => ({ onClick: () => void navigate(link(`/channels/${name}`)) })} columns={[
              { title: t('name'), dataIndex: 'name', ellipsis: true, sorter: (a, b) => title(a).localeCompare(title(b), 'zh-CN'), render: (name: string, channel) => <><Link to={link(`/channels/${name}`)} className="name" onClick={(event) => event.stopPropagation()}>{title(channel)}</Link>{title(channel) !== name && <> <span className="quiet code">{name}</span></>}</> },
              { title: t('kind'), dataIndex: 'kind', width: 140, sorter: (a, b) => a.kind.localeCompare(b.kind), render: (kind: string) => t(kind === 'mail' ? 'kind_mail' : kind === 'tasks' ? 'kind_tasks' : 'kind_http') },
              { title: t('version'), dataIndex: 'version', width: 90, align: 'right', render: (version: number) => `v${version}` },
              { title: t('secrets'), width: 240, ellipsis: true, render: (_, { kind, secrets_missing: missing }) => (missing.length > 0 ? <Tag variant="filled" color="gold">{t('secretsMissing', { names: missing.join(', ') })}</Tag> : <span className="quiet">{kind === 'tasks' ? '–' : t('secretsSet')}</span>) },
              { title: t('waiting'), dataIndex: 'waiting', width: 120, align: 'right', sorter: (a, b) => a.waiting - b.waiting, render: (count: number) => <Num value={count} /> },
              { title: t('claimed'), dataIndex: 'claimed', width: 120, align: 'right', sorter: (a, b) => a.claimed - b.claimed, render: (count: number) => <Num value={count} /> },
              { title: t('unknown'), dataIndex: 'unknown', width: 120, align: 'right', sorter: (a, b) => a.unknown - b.unknown, render: (count: number) => (count > 0 ? <b className="down"><Num value={count} /></b> : <Num value={count} />) },
            ]} />
          )}
        </Loaded>
      </section>
    </>
  );
}
