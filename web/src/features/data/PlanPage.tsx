import { App, Button, Tabs } from 'antd';
import { useChangePlan, usePlan, usePlanReport } from '../../api/queries';
import type { TrackingPlan } from '../../api/schema';
import { useAddressText } from '../../lib/addressText';
import { useTexts } from '../../lib/texts';
import { Loaded } from '../../ui/Loaded';
import { PageHeader } from '../../ui/PageHeader';
import { PlanReportView } from './PlanReportView';
import { PlanTable } from './PlanTable';
import { texts } from './texts';

function Mode({ plan }: { plan: TrackingPlan }) {
  const t = useTexts(texts);
  const { modal, message } = App.useApp();
  const change = useChangePlan();
  const undeclared = [...(plan.events ?? []), ...(plan.properties ?? [])].filter(({ declared }) => !declared).length;
  const strict = plan.mode === 'strict';
  const ask = () => void modal.confirm({
    title: t(strict ? 'openTitle' : 'strictTitle'), content: strict ? t('openBody') : t('strictBody', { count: undeclared }), okText: t('change'), cancelText: t('cancel'),
    onOk: () => change.mutateAsync({ mode: strict ? 'open' : 'strict' }).then(() => void message.success(t('saved', { name: t('mode') }))),
  });
  return <><span className="quiet">{t(strict ? 'mode_strict' : 'mode_open')}</span><Button onClick={ask}>{t('change')}</Button></>;
}

export default function PlanPage() {
  const t = useTexts(texts);
  const plan = usePlan();
  const report = usePlanReport();
  const [tab, setTab] = useAddressText('tab', 'events');
  const issues = (report.data?.events.length ?? 0) + (report.data?.properties.length ?? 0);
  return (
    <>
      <PageHeader title={t('plan')} note={t('planNote')} actions={plan.data && <Mode plan={plan.data} />} />
      <section className="panel">
        <Loaded query={plan} rows={14}>
          {(data) => (
            <Tabs activeKey={tab} onChange={setTab} destroyOnHidden items={[
              { key: 'events', label: `${t('events')} ${data.events?.length ?? 0}`, children: <PlanTable kind="event" things={data.events ?? []} /> },
              { key: 'properties', label: `${t('attributes')} ${data.properties?.length ?? 0}`, children: <PlanTable kind="property" things={data.properties ?? []} /> },
              { key: 'report', label: issues > 0 ? `${t('report')} ${issues}` : t('report'), children: <Loaded query={report}>{(found) => <PlanReportView report={found} />}</Loaded> },
            ]} />
          )}
        </Loaded>
      </section>
    </>
  );
}
