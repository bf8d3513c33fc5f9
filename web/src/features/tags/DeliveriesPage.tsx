import { App, Button, Table } from 'antd';
import { Link } from 'react-router-dom';
import { useMay } from '../../api/queries';
import type { Delivery } from '../../api/schema';
import { dateTime, exact } from '../../lib/format';
import { link } from '../../lib/links';
import { useLanguage, useTexts } from '../../lib/texts';
import { Loaded } from '../../ui/Loaded';
import { Nothing } from '../../ui/Nothing';
import { PageHeader } from '../../ui/PageHeader';
import { useDeliveries, useRetryDelivery, useRunDelivery } from './queries';
import { texts } from './texts';

function How({ delivery: { pushes, files = [] } }: { delivery: Delivery }) {
  const t = useTexts(texts);
  const language = useLanguage();
  if (pushes) {
    const { waiting, sent, dead_count: dead, dead: [last], last_problem: problem } = pushes;
    return <>{t('pushed', { sent: exact(sent, language), waiting: exact(waiting, language), dead: exact(dead, language) })}{(last?.why || problem) && <div className="quiet">{last?.why || problem}</div>}</>;
  }
  const [file] = files;
  if (!file) return <>{t('noFile')}</>;
  return <>{file.error ? t('failed', { error: file.error }) : <><span className="code">{file.path}</span> {t('rows', { count: exact(file.rows ?? 0, language) })}</>}<div className="quiet">{dateTime(Date.parse(file.at ?? ''), language)}</div></>;
}

function Act({ delivery: { id, pushes } }: { delivery: Delivery }) {
  const t = useTexts(texts);
  const { message } = App.useApp();
  const retry = useRetryDelivery();
  const run = useRunDelivery();
  const go = () => void (pushes ? retry : run).mutateAsync(id).catch((error: Error) => message.error(error.message));
  return <Button size="small" loading={retry.isPending || run.isPending} disabled={pushes?.dead_count === 0} onClick={go}>{pushes ? t('retry') : t('writeNow')}</Button>;
}

export default function DeliveriesPage() {
  const t = useTexts(texts);
  const mayDeliver = useMay()('segments.export');
  const deliveries = useDeliveries();
  return (
    <>
      <PageHeader title={t('deliveries')} note={t('deliveriesNote')} />
      <Loaded query={deliveries} rows={6}>
        {({ items }) => (
          <section className="panel flush">
            <Table<Delivery> size="small" rowKey="id" dataSource={items} pagination={false} locale={{ emptyText: <Nothing what={t('noDeliveries')} /> }}
              columns={[
                { title: t('delivery'), width: 220, render: (_, { id, name }) => <><span className="name">{name}</span> <span className="quiet code">{id}</span></> },
                { title: t('title'), width: 260, render: (_, { tags }) => tags.map((id, i) => <span key={id}>{i > 0 && '、'}<Link to={link(`/tags/${id}`)}>{id}</Link></span>) },
                { title: t('goesTo'), width: 200, render: (_, { channel, format, schedule }) => (channel ? t('toChannel', { channel }) : <>{format} <span className="quiet code">{schedule?.cron}</span></>) },
                { title: t('howItGoes'), render: (_, delivery) => <How delivery={delivery} /> },
                ...(mayDeliver ? [{ title: '', width: 110, render: (_: unknown, delivery: Delivery) => <Act delivery={delivery} /> }] : []),
              ]} />
          </section>
        )}
      </Loaded>
    </>
  );
}
