import { useState } from 'react';
import { Button, Drawer, Input, Select, Tag } from 'antd';
import { PauseOutlined, CaretRightOutlined, SearchOutlined, UploadOutlined } from '@ant-design/icons';
import { useNavigate } from 'react-router-dom';
import { useNames } from '../../api/names';
import { useMay, useMayWhole, useRecent } from '../../api/queries';
import type { Item } from '../../api/schema';
import { useAddressText, useFind } from '../../lib/addressText';
import { comma, dateTime } from '../../lib/format';
import { link } from '../../lib/links';
import { useLanguage, useTexts } from '../../lib/texts';
import { ListTable } from '../../ui/ListTable';
import { Loaded } from '../../ui/Loaded';
import { Nothing } from '../../ui/Nothing';
import { PageHeader } from '../../ui/PageHeader';
import { ImportDrawer } from './ImportDrawer';
import { ItemDetail } from './ItemDetail';
import { isKind, kinds, nameOf, passes } from './items';
import { texts } from './texts';

const kShown = 200;

export default function LivePage() {
  const t = useTexts(texts);
  const language = useLanguage();
  const names = useNames();
  const navigate = useNavigate();
  const maySources = useMay()('sources.view'), mayImport = useMayWhole('events.change');
  const [doing, setDoing] = useAddressText('do');
  const [live, setLive] = useState(true);
  const [typed, setTyped] = useFind();
  const [kind, setKind] = useAddressText('kind');
  const [open, setOpen] = useState<Item>();
  const recent = useRecent(kShown, live);
  const label = (item: Item) => (item.kind === 'event' ? names.event(item.event ?? '') : nameOf(item));
  return (
    <>
      <PageHeader title={t('live')} note={live ? t('liveNote') : t('paused')}
        actions={<>{mayImport && <Button icon={<UploadOutlined />} onClick={() => setDoing('import')}>{t('importFile')}</Button>}<Button icon={live ? <PauseOutlined /> : <CaretRightOutlined />} onClick={() => setLive(!live)}>{t(live ? 'pause' : 'resume')}</Button></>} />
      <section className="panel flush">
        <div className="bar">
          <Input allowClear style={{ width: 320 }} prefix={<SearchOutlined />} placeholder={t('findLive')} aria-label={t('findLive')} value={typed} onChange={(event) => setTyped(event.target.value)} />
          <Select aria-label={t('kind')} style={{ width: 140 }} value={kind} onChange={setKind}
            options={[{ value: '', label: t('all') }, ...kinds.map((name) => ({ value: name, label: t(`kind_${name}`) }))]} />
        </div>
        <Loaded query={recent} rows={8}>
          {({ items }) => {
            const shown = items.filter((item) => passes(item, kind, typed, label(item)));
            return (
              <ListTable<Item> rowKey={(item) => `${item.message_id ?? ''} ${item.time_ms} ${item.kind} ${nameOf(item)}`} dataSource={shown} onRow={(item) => ({
                  onClick: () => setOpen(item), tabIndex: 0, style: { cursor: 'pointer' },
                  onKeyDown: (event) => { if (event.key === 'Enter') setOpen(item); },
                })}
                locale={{ emptyText: items.length > 0 ? <Nothing what={t('liveNoMatch', { count: items.length })} />
                  : <Nothing what={t(names.events.length > 0 ? 'liveQuiet' : 'liveEmpty')} next={maySources && <Button type="primary" onClick={() => void navigate(link('/data/sources'))}>{t('toSources')}</Button>} /> }}
                columns={[
                  { title: t('time'), dataIndex: 'time_ms', width: 190, className: 'nowrap', render: (ms: number) => dateTime(ms, language) },
                  { title: t('kind'), dataIndex: 'kind', width: 100, render: (name: string) => <Tag color={name === 'quarantine' ? 'red' : undefined} variant="filled">{isKind(name) ? t(`kind_${name}`) : name}</Tag> },
                  { title: t('event'), width: 220, ellipsis: true, render: (_, item) => <><span>{label(item)}</span>{label(item) !== nameOf(item) && <span className="quiet code"> {nameOf(item)}</span>}</> },
                  { title: t('who'), width: 170, ellipsis: true, render: (_, item) => <span className="code">{Object.values(item.identities ?? {})[0] ?? ''}</span> },
                  { title: t('properties'), ellipsis: true, render: (_, item) => <span className="quiet">{Object.entries(item.properties ?? {}).map(([name, value]) => `${names.property(name)} ${String(value)}`).join(comma(language))}</span> },
                  { title: t('source'), dataIndex: 'source', width: 110, ellipsis: true },
                ]} />
            );
          }}
        </Loaded>
      </section>
      <Drawer open={open !== undefined} onClose={() => setOpen(undefined)} title={open ? label(open) : t('itemTitle')} size={480}>
        {open && <ItemDetail item={open} />}
      </Drawer>
      {mayImport && doing === 'import' && <ImportDrawer onClose={() => setDoing('')} />}
    </>
  );
}
