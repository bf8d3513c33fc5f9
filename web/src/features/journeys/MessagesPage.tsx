import { Button, Dropdown, Input, Tag } from 'antd';
import { DownOutlined, SearchOutlined } from '@ant-design/icons';
import { Link } from 'react-router-dom';
import { useJourneyName } from '../../api/journeyNames';
import type { Outbox } from '../../api/schema';
import { useFind } from '../../lib/addressText';
import { ago } from '../../lib/format';
import { customerLink, link, splitName } from '../../lib/links';
import { useNow } from '../../lib/now';
import { useLanguage, useTexts } from '../../lib/texts';
import { ListTable } from '../../ui/ListTable';
import { Loaded } from '../../ui/Loaded';
import { Nothing } from '../../ui/Nothing';
import { PageHeader } from '../../ui/PageHeader';
import { useChannelName } from '../../api/channelNames';
import { useMayWhole } from '../../api/queries';
import { useOutbox, useReceipt } from './queries';
import { texts } from './texts';

const kShown = 1_000;
const kReceipts = ['delivered', 'opened', 'clicked', 'replied', 'bounced'] as const;

type Message = Outbox['items'][number];

// What the sandbox was given, and what a tester says became of it.
export default function MessagesPage() {
  const t = useTexts(texts);
  const language = useLanguage();
  const now = useNow(5_000);
  const nameOf = useJourneyName();
  const channelName = useChannelName();
  const [typed, setTyped] = useFind();
  const outbox = useOutbox(kShown);
  const receipt = useReceipt();
  const maySay = useMayWhole('journeys.change');
  const wanted = typed.trim().toLowerCase();
  const fits = ({ text, address, journey, node, channel }: Message) => [text, address, journey, nameOf(journey), node, channel, channelName(channel)].some((part) => part.toLowerCase().includes(wanted));
  return (
    <>
      <PageHeader title={t('touchLog')} note={t(maySay ? 'touchNoteSay' : 'touchNote')} />
      <section className="panel flush">
        <div className="bar"><Input allowClear style={{ width: 320 }} prefix={<SearchOutlined />} placeholder={t('findMessage')} aria-label={t('findMessage')} value={typed} onChange={(event) => setTyped(event.target.value)} /></div>
        <Loaded query={outbox} rows={10}>
          {({ items }) => (
            <ListTable<Message> rowKey="key" dataSource={wanted ? items.filter(fits) : items}
              locale={{ emptyText: <Nothing what={typed ? t('noMatch', { typed }) : t('noMessages')} /> }}
              columns={[
                { title: t('time'), dataIndex: 'time_ms', width: 130, className: 'nowrap', sorter: (a, b) => a.time_ms - b.time_ms, render: (ms: number) => ago(ms, now, language) },
                { title: t('to'), dataIndex: 'address', width: 190, ellipsis: true, render: (address: string) => <Link className="code" to={customerLink(address)}>{splitName(address)[1]}</Link> },
                { title: t('channel'), dataIndex: 'channel', width: 100, render: (channel: string) => <Tag variant="filled" color="blue">{channelName(channel)}</Tag> },
                { title: t('text'), dataIndex: 'text', ellipsis: true, render: (text: string) => <span title={text}>{text}</span> },
                { title: t('journey'), width: 220, ellipsis: true, render: (_, { journey, node }) => <Link to={link(`/journeys/${journey}`, { view: 'live', node })}>{nameOf(journey)} <span className="code quiet">{node}</span></Link> },
                ...(!maySay ? [] : [{ title: t('receipt'), width: 130, render: (_: unknown, { key }: Message) => <Dropdown trigger={['click']} menu={{ items: kReceipts.map((outcome) => ({ key: outcome, label: t(`outcome_${outcome}`) })), onClick: ({ key: outcome }) => receipt.mutate({ key, outcome }) }}><Button size="small">{t('sayReceipt')} <DownOutlined /></Button></Dropdown> }]),
              ]} />
          )}
        </Loaded>
      </section>
    </>
  );
}
