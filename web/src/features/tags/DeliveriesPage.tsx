import { App, Button } from 'antd';
import { PlusOutlined } from '@ant-design/icons';
import { Link } from 'react-router-dom';
import { Problem } from '../../api/client';
import { useMay } from '../../api/queries';
import type { Delivery } from '../../api/schema';
import { useAddressText } from '../../lib/addressText';
import { sayCron } from '../../lib/cron';
import { comma, dateTime, exact } from '../../lib/format';
import { labelOf } from '../../lib/label';
import { link } from '../../lib/links';
import { useLanguage, useTexts } from '../../lib/texts';
import { FoundTable } from '../../ui/FoundTable';
import { Loaded } from '../../ui/Loaded';
import { PageHeader } from '../../ui/PageHeader';
import { DeliveryDrawer } from './DeliveryDrawer';
import { useDeliveries, useRetryDelivery, useRunDelivery, useTags } from './queries';
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
  return <>{file.error ? t('failed', { error: (language === 'zh' && file.error_zh) || file.error }) : <><span className="code">{file.path}</span> {t('rows', { count: exact(file.rows ?? 0, language) })}</>}<div className="quiet">{dateTime(Date.parse(file.at ?? ''), language)}</div></>;
}

function Act({ delivery: { id, pushes } }: { delivery: Delivery }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const { message } = App.useApp();
  const retry = useRetryDelivery();
  const run = useRunDelivery();
  const go = () => void (pushes ? retry : run).mutateAsync(id).catch((error: unknown) => message.error(error instanceof Problem ? error.words[language] : String(error)));
  return <Button size="small" loading={retry.isPending || run.isPending} disabled={pushes?.dead_count === 0} onClick={go}>{pushes ? t('retry') : t('writeNow')}</Button>;
}

const kNew = '+new';

export default function DeliveriesPage() {
  const t = useTexts(texts);
  const language = useLanguage();
  const [open, setOpen] = useAddressText('open');
  const mayDeliver = useMay()('segments.export');
  const deliveries = useDeliveries();
  const names = useTags({}).data?.items ?? [];
  const nameOf = (id: string) => labelOf(names.find((tag) => tag.id === id) ?? { id }, language);
  const opened = deliveries.data?.items.find(({ id }) => id === open);
  const make = mayDeliver && <Button type="primary" icon={<PlusOutlined />} onClick={() => setOpen(kNew)}>{t('newDelivery')}</Button>;
  return (
    <>
      <PageHeader title={t('deliveries')} note={t('deliveriesNote')} actions={make} />
      <Loaded query={deliveries} rows={6}>
        {({ items }) => (
          <section className="panel flush">
            <FoundTable<Delivery> rowKey="id" rows={items} words={({ id, name, tags, decisions = [], channel, format }) => [id, name, ...tags.map(nameOf), ...decisions.map((one) => t(`decision_${one}`)), channel, format]} find={t('findDelivery')} empty={t('noDeliveries')} next={make}
              columns={[
                { key: 'delivery', title: t('delivery'), width: 220, sorter: (a, b) => a.name.localeCompare(b.name, 'zh-CN'), render: (_, { id, name }) => <><button type="button" className="link-name" onClick={() => setOpen(id)}>{name}</button> <span className="quiet code">{id}</span></> },
                { title: t('deliveryWhat'), width: 260, render: (_, { tags, decisions }) => decisions?.map((one) => t(`decision_${one}`)).join(comma(language)) ?? tags.map((id, i) => <span key={id}>{i > 0 && comma(language)}<Link to={link(`/tags/${id}`)}>{nameOf(id)}</Link></span>) },
                { key: 'goesTo', title: t('goesTo'), width: 200, sorter: (a, b) => (a.channel ?? a.format ?? '').localeCompare(b.channel ?? b.format ?? ''), render: (_, { channel, format, schedule }) => (channel ? t('toChannel', { channel }) : <>{format} <span className="quiet">{schedule?.cron ? sayCron(schedule.cron, language) ?? schedule.cron : t('byHand')}</span></>) },
                { title: t('howItGoes'), render: (_, delivery) => <How delivery={delivery} /> },
                ...(mayDeliver ? [{ title: '', width: 110, render: (_: unknown, delivery: Delivery) => <Act delivery={delivery} /> }] : []),
              ]} />
          </section>
        )}
      </Loaded>
      {(opened || (open === kNew && mayDeliver)) && <DeliveryDrawer key={open} delivery={opened} onClose={() => setOpen('')} onSaved={setOpen} />}
    </>
  );
}
