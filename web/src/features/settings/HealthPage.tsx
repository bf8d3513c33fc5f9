import { Alert, App, Button } from 'antd';
import { useMay } from '../../api/queries';
import { bytes, exact, short } from '../../lib/format';
import { useLanguage, useTexts } from '../../lib/texts';
import { FoundTable } from '../../ui/FoundTable';
import { Loaded } from '../../ui/Loaded';
import { Num } from '../../ui/Num';
import { PageHeader } from '../../ui/PageHeader';
import { ProblemNote } from '../../ui/ProblemNote';
import { gauge, trafficOf, type Sample, type Traffic } from './core/metrics';
import { useConfirmClock, useMetrics, useReady } from './queries';
import { texts } from './texts';

const kReasons = ['storage_full', 'replaying', 'draining', 'log_failed', 'audit_failed', 'clock_insane'] as const;

// Whether the server takes traffic, why not, and what to do.
function State({ reasons, jumpMs, damaged }: { reasons: string[]; jumpMs: number; damaged: number }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const { modal } = App.useApp();
  const confirm = useConfirmClock();
  const mayChange = useMay()('server.change');
  const ask = () => void modal.confirm({
    title: t('clockTitle', { seconds: exact(Math.round(jumpMs / 1_000), language) }), content: t('clockBody'), okText: t('clockConfirm'), cancelText: t('cancel'), onOk: () => confirm.mutateAsync().catch(() => undefined),
  });
  const known = kReasons.filter((one) => reasons.includes(one));
  return (
    <div className="stack">
      {reasons.length === 0 && damaged === 0 && <Alert type="success" showIcon title={t('serverReady')} />}
      {known.map((reason) => <Alert key={reason} type="error" showIcon title={t(`reason_${reason}`)} action={reason === 'clock_insane' && mayChange && <Button size="small" loading={confirm.isPending} onClick={ask}>{t('clockConfirm')}</Button>} />)}
      {damaged > 0 && <Alert type="warning" showIcon title={t('damagedParts', { count: damaged })} />}
      {confirm.isError && <ProblemNote error={confirm.error} />}
    </div>
  );
}

function Storage({ samples }: { samples: Sample[] }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const of = (name: string) => gauge(samples, name), number = (name: string) => <Num value={of(name)} />;
  const commits = of('log_commits'), commitMs = commits > 0 ? of('log_commit_nanoseconds') / commits / 1e6 : 0;
  const lag = (name: string) => t('milliseconds', { count: exact(Math.round(of(name) / 1_000), language) });
  return (
    <dl className="pairs">
      <dt>{t('storedEvents')}</dt><dd>{number('events')} <span className="quiet">{t('inMemory', { count: short(of('unflushed_events'), language) })}</span></dd>
      <dt>{t('partFiles')}</dt><dd>{number('parts')} <span className="quiet">{bytes(of('part_bytes'))}</span></dd>
      <dt>{t('timelines')}</dt><dd>{number('timelines')}</dd>
      <dt>{t('logFiles')}</dt><dd>{number('log_files')} <span className="quiet">{t('logRecords', { count: short(of('log_records'), language), waiting: exact(of('log_unapplied_records'), language) })}</span></dd>
      <dt>{t('commits')}</dt><dd>{number('log_commits')} <span className="quiet">{t('commitMean', { ms: commitMs.toFixed(1) })}</span></dd>
      <dt>{t('duplicates')}</dt><dd>{number('duplicate_items')}</dd>
      <dt>{t('quarantined')}</dt><dd>{number('quarantined_items')}</dd>
      <dt>{t('conflicts')}</dt><dd>{number('identity_conflicts')}</dd>
      <dt>{t('liveLag')}</dt><dd>{lag('live_segments_lag_p50_microseconds')} <span className="quiet">{t('lagMost', { lag: lag('live_segments_lag_p99_microseconds') })}</span></dd>
    </dl>
  );
}

function TrafficTable({ samples }: { samples: Sample[] }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const count = (key: string, title: string, of: (one: Traffic) => number) => ({ key, title, width: 120, align: 'right' as const, sorter: (a: Traffic, b: Traffic) => of(a) - of(b), render: (_: unknown, one: Traffic) => <Num value={of(one)} /> });
  return (
    <section className="panel flush">
      <FoundTable<Traffic> rowsOnPage={10} rowKey="route" rows={trafficOf(samples)} words={({ route }) => [route]} title={<h2>{t('traffic')}</h2>} find={t('findRoute')} empty={t('noRoute')} columns={[
        { title: t('target'), dataIndex: 'route', ellipsis: true, sorter: (a, b) => a.route.localeCompare(b.route), render: (route: string) => <span className="code">{route}</span> },
        count('calls', t('calls'), ({ calls }) => calls), count('refused', t('refused'), ({ refused }) => refused), count('failed', t('failed'), ({ failed }) => failed), count('slow', t('slow'), ({ slow }) => slow),
        { key: 'mean', title: t('meanTime'), width: 120, align: 'right', sorter: (a, b) => a.meanMs - b.meanMs, render: (_, { meanMs }) => t('milliseconds', { count: meanMs < 10 ? meanMs.toFixed(1) : exact(Math.round(meanMs), language) }) },
      ]} />
    </section>
  );
}

// How the server and its storage are, since its start; read again every ten seconds.
export default function HealthPage() {
  const t = useTexts(texts);
  const ready = useReady();
  return (
    <>
      <PageHeader title={t('health')} note={t('healthNote')} />
      <Loaded query={useMetrics()} rows={12}>
        {(samples) => (
          <div className="stack">
            <section className="panel stack">
              <State reasons={ready.data ?? []} jumpMs={gauge(samples, 'clock_jump_milliseconds')} damaged={gauge(samples, 'damaged_parts')} />
              <Storage samples={samples} />
            </section>
            <TrafficTable samples={samples} />
          </div>
        )}
      </Loaded>
    </>
  );
}
