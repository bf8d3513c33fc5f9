import { Badge } from 'antd';
import { Link } from 'react-router-dom';
import { useBounded, useMay, usePlan, usePlanReport, useQuarantine } from '../../api/queries';
import { ago } from '../../lib/format';
import { link } from '../../lib/links';
import { useLanguage, useTexts } from '../../lib/texts';
import { useNow } from '../../lib/now';
import { texts } from './texts';

const kQuarantineShown = 1_000;

// Of all data: who sees some customers only is told nothing of it.
export function DataHealth() {
  return useBounded()('plan.view') ? null : <Health />;
}

function Health() {
  const t = useTexts(texts);
  const language = useLanguage();
  const now = useNow(10_000);
  const plan = usePlan().data;
  const latest = Math.max(0, ...(plan?.events ?? []).map(({ last_ms }) => last_ms ?? 0));
  const report = usePlanReport().data;
  const quarantined = useQuarantine(kQuarantineShown).data?.items;
  const issues = (report?.events.length ?? 0) + (report?.properties.length ?? 0);
  const undeclared = (report?.undeclared.events.length ?? 0) + (report?.undeclared.properties.length ?? 0);
  const may = useMay();
  const rows = [
    { name: t('recentEvents'), good: plan && latest > 0, says: latest > 0 ? ago(latest, now, language) : t('none'), to: link('/data/live'), right: 'events.view' },
    { name: t('quarantine'), good: quarantined && !quarantined.length, says: quarantined?.length ? t('quarantineCount', { count: quarantined.length }) : t('quarantineNone'), to: link('/data/quarantine'), right: 'events.view' },
    { name: t('report'), good: report && issues === 0, says: issues > 0 ? t('reportIssues', { count: issues }) : t('reportNone'), to: link('/data/plan', { tab: 'report' }), right: 'plan.view' },
    { name: t('declared'), good: report && undeclared === 0, says: undeclared > 0 ? t('undeclared', { count: undeclared }) : t('declaredAll'), to: link('/data/plan', { tab: 'report' }), right: 'plan.view' },
  ].filter(({ right }) => may(right));
  if (rows.length === 0) return null;
  return (
    <section className="panel">
      <h2>{t('health')}</h2>
      <ul className="steps">
        {rows.map(({ name, good, says, to }) => (
          <li key={name}>
            <span className="grow"><Badge status={good === undefined ? 'default' : good ? 'success' : 'warning'} text={name} /><div className="quiet" style={{ paddingLeft: 14 }}>{good === undefined ? '–' : says}</div></span>
            <Link to={to} aria-label={`${t('look')} ${name}`}>{t('look')}</Link>
          </li>
        ))}
      </ul>
    </section>
  );
}
