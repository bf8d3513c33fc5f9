import { Input } from 'antd';
import { SearchOutlined } from '@ant-design/icons';
import { useNames } from '../../api/names';
import { useQuarantine } from '../../api/queries';
import type { Item } from '../../api/schema';
import { useFind } from '../../lib/addressText';
import { dateTime } from '../../lib/format';
import { useLanguage, useTexts } from '../../lib/texts';
import { ListTable } from '../../ui/ListTable';
import { Loaded } from '../../ui/Loaded';
import { Nothing } from '../../ui/Nothing';
import { PageHeader } from '../../ui/PageHeader';
import { texts } from './texts';

const kShown = 1_000;

export default function QuarantinePage() {
  const t = useTexts(texts);
  const language = useLanguage();
  const names = useNames();
  const quarantine = useQuarantine(kShown);
  const [typed, setTyped] = useFind();
  const wanted = typed.trim().toLowerCase();
  const fits = ({ reason, event, property, detail }: Item) => [reason, event, property, detail].some((text) => text?.toLowerCase().includes(wanted));
  return (
    <>
      <PageHeader title={t('quarantine')} note={t('quarantineNote')} />
      <section className="panel flush">
        <Loaded query={quarantine} rows={12}>
          {({ items }) => (
            <>
              {items.length > 0 && (
                <div className="bar">
                  <Input allowClear style={{ width: 320 }} prefix={<SearchOutlined />} placeholder={t('findQuarantine')} aria-label={t('findQuarantine')} value={typed} onChange={(event) => setTyped(event.target.value)} />
                  <span className="quiet">{t('most', { count: items.length })}</span>
                </div>
              )}
              <ListTable<Item> dataSource={wanted ? items.filter(fits) : items} rowKey={(item) => `${item.time_ms} ${item.reason} ${item.event} ${item.property} ${item.detail}`} locale={{ emptyText: <Nothing what={typed ? t('planNoMatch', { typed }) : t('quarantineEmpty')} /> }}
                columns={[
                  { title: t('time'), dataIndex: 'time_ms', width: 190, className: 'nowrap', render: (ms: number) => dateTime(ms, language) },
                  { title: t('reason'), dataIndex: 'reason', width: 180, render: (reason: string) => <span className="code">{reason}</span> },
                  { title: t('event'), dataIndex: 'event', width: 200, ellipsis: true, render: (name?: string) => name && names.event(name) },
                  { title: t('property'), dataIndex: 'property', width: 160, ellipsis: true, render: (name?: string) => name && names.property(name) },
                  { title: t('detail'), dataIndex: 'detail', ellipsis: true },
                ]} />
            </>
          )}
        </Loaded>
      </section>
    </>
  );
}
