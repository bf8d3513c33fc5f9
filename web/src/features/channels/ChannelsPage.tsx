import { Button, Table, Tag } from 'antd';
import { PlusOutlined } from '@ant-design/icons';
import { useMay } from '../../api/queries';
import type { Channels } from '../../api/schema';
import { useAddressText } from '../../lib/addressText';
import { useTexts } from '../../lib/texts';
import { Loaded } from '../../ui/Loaded';
import { Nothing } from '../../ui/Nothing';
import { Num } from '../../ui/Num';
import { PageHeader } from '../../ui/PageHeader';
import { ChannelDrawer, kNew } from './ChannelDrawer';
import { useChannels } from './queries';
import { texts } from './texts';

type Channel = Channels['channels'][number];

export default function ChannelsPage() {
  const t = useTexts(texts);
  const [open, setOpen] = useAddressText('open');
  const channels = useChannels();
  const mayChange = useMay()('server.change');
  const make = mayChange && <Button type="primary" icon={<PlusOutlined />} onClick={() => setOpen(kNew)}>{t('newChannel')}</Button>;
  return (
    <>
      <PageHeader title={t('channels')} note={t('channelsNote')} actions={make} />
      <section className="panel flush">
        <Loaded query={channels} rows={6}>
          {({ channels: all }) => (
            <Table<Channel> size="small" rowKey="name" dataSource={all} pagination={false} rowClassName="opens" onRow={({ name }) => ({ onClick: () => setOpen(name) })} locale={{ emptyText: <Nothing what={t('noChannels')} next={make} /> }} columns={[
              { title: t('name'), dataIndex: 'name', ellipsis: true, sorter: (a, b) => a.name.localeCompare(b.name), render: (name: string) => <button type="button" className="link-name code" onClick={() => setOpen(name)}>{name}</button> },
              { title: t('kind'), dataIndex: 'kind', width: 140, render: (kind: string) => t(kind === 'mail' ? 'kind_mail' : kind === 'tasks' ? 'kind_tasks' : 'kind_http') },
              { title: t('version'), dataIndex: 'version', width: 90, align: 'right', render: (version: number) => `v${version}` },
              { title: t('secrets'), width: 240, ellipsis: true, render: (_, { kind, secrets_missing: missing }) => (missing.length > 0 ? <Tag variant="filled" color="gold">{t('secretsMissing', { names: missing.join(', ') })}</Tag> : <span className="quiet">{kind === 'tasks' ? '–' : t('secretsSet')}</span>) },
              { title: t('waiting'), dataIndex: 'waiting', width: 120, align: 'right', render: (count: number) => <Num value={count} /> },
              { title: t('claimed'), dataIndex: 'claimed', width: 120, align: 'right', render: (count: number) => <Num value={count} /> },
              { title: t('unknown'), dataIndex: 'unknown', width: 120, align: 'right', render: (count: number) => (count > 0 ? <b className="down"><Num value={count} /></b> : <Num value={count} />) },
            ]} />
          )}
        </Loaded>
      </section>
      {open && <ChannelDrawer key={open} name={open} onClose={() => setOpen('')} onSaved={setOpen} />}
    </>
  );
}
