import { Input, Tag, Typography } from 'antd';
import { SearchOutlined } from '@ant-design/icons';
import { useAudit } from '../../api/queries';
import type { AuditRecords } from '../../api/schema';
import { useFind } from '../../lib/addressText';
import { dateTime } from '../../lib/format';
import { useLanguage, useTexts } from '../../lib/texts';
import { ListTable } from '../../ui/ListTable';
import { Loaded } from '../../ui/Loaded';
import { Nothing } from '../../ui/Nothing';
import { PageHeader } from '../../ui/PageHeader';
import { auditName } from '../../api/auditNames';
import { AuditCheckPanel } from './AuditCheckPanel';
import { texts } from './texts';

const kShown = 1_000;

type AuditRecord = AuditRecords['records'][number];

function Outcome({ status }: { status: number }) {
  const t = useTexts(texts);
  const [word, colour] = status < 400 ? (['done', 'green'] as const) : status < 500 ? (['refused', 'gold'] as const) : (['failed', 'red'] as const);
  return <Tag variant="filled" color={colour} title={String(status)}>{t(word)}</Tag>;
}

export default function AuditPage() {
  const t = useTexts(texts);
  const language = useLanguage();
  const audit = useAudit(kShown);
  const [typed, setTyped] = useFind();
  const wanted = typed.trim().toLowerCase();
  const fits = ({ what, who, peer, target, request_id: id }: AuditRecord) => [what, auditName(what, language), who, peer, target, id].some((text) => text?.toLowerCase().includes(wanted));
  return (
    <>
      <PageHeader title={t('audit')} note={t('auditNote')} />
      <Loaded query={audit} rows={12}>
        {({ head, public_key: key, records: all }) => (
          <div className="stack">
            <section className="panel">
              <dl className="pairs">
                <dt>{t('head')}</dt><dd className="code">{head.seq ? `${head.seq} · ${head.hash}` : '–'}</dd>
                <dt>{t('publicKey')}</dt><dd><Typography.Text copyable className="code">{key}</Typography.Text></dd>
              </dl>
              <AuditCheckPanel />
            </section>
            <section className="panel flush">
              <div className="bar"><Input allowClear style={{ width: 360 }} prefix={<SearchOutlined />} placeholder={t('find')} aria-label={t('find')} value={typed} onChange={(event) => setTyped(event.target.value)} /></div>
              <ListTable<AuditRecord> rowKey="seq" dataSource={wanted ? all.filter(fits) : all}
                locale={{ emptyText: <Nothing what={all.length > 0 ? t('noMatch', { count: all.length }) : t('none')} /> }}
                columns={[
                  { title: t('seq'), dataIndex: 'seq', width: 72, align: 'right' },
                  { title: t('time'), dataIndex: 'time', width: 190, className: 'nowrap', render: (time: string) => dateTime(Date.parse(time), language) },
                  { title: t('what'), dataIndex: 'what', width: 190, ellipsis: true, render: (what: string) => <span title={what}>{auditName(what, language)}</span> },
                  { title: t('who'), dataIndex: 'who', width: 130, ellipsis: true },
                  { title: t('peer'), dataIndex: 'peer', width: 110, ellipsis: true },
                  { title: t('target'), dataIndex: 'target', ellipsis: true, render: (target: string) => <span className="code">{target}</span> },
                  { title: t('status'), dataIndex: 'status', width: 100, render: (status?: number) => status !== undefined && <Outcome status={status} /> },
                  { title: t('requestId'), dataIndex: 'request_id', width: 150, ellipsis: true, render: (id: string) => <span className="code quiet">{id}</span> },
                ]} />
            </section>
          </div>
        )}
      </Loaded>
    </>
  );
}
