import { Alert } from 'antd';
import { percent } from '../lib/format';
import { useTexts } from '../lib/texts';
import { Num } from '../ui/Num';
import { ProblemNote } from '../ui/ProblemNote';
import { texts as uiTexts } from '../ui/texts';
import { EqlEditor } from './EqlEditor';
import { Clicked } from './Clicked';
import type { useEstimate } from './queries';
import { texts } from './texts';
import { useCounts } from './useCounts';
import type { useRule } from './useRule';

function Size({ estimate }: { estimate: ReturnType<typeof useEstimate> }) {
  const t = useTexts(texts);
  const ui = useTexts(uiTexts);
  const { data } = estimate;
  if (estimate.isError) return <ProblemNote error={estimate.error} onRetry={() => void estimate.refetch()} />;
  return (
    <div className="size" aria-live="polite" style={{ opacity: estimate.isPlaceholderData ? 0.5 : 1 }}>
      <b>{data ? <Num value={data.count} /> : '–'}</b> <span className="quiet">{t('customers')}{data && <> · {t('ofAll', { share: percent(data.share) })} <Num value={data.everyone} /></>}</span>
      <div className="meter"><i style={{ width: `${(data?.share ?? 0) * 100}%` }} /></div>
      {data?.incomplete && <Alert type="warning" showIcon title={ui('incomplete')} />}
    </div>
  );
}

// The rule twice, clicked together and as text, and how many it means while it is edited.
export function RuleWorkbench({ rule }: { rule: ReturnType<typeof useRule> }) {
  const t = useTexts(texts);
  const { estimate, countedAt } = useCounts(rule);
  return (
    <div className="grid" style={{ gridTemplateColumns: 'minmax(0, 1fr) 380px', alignItems: 'start' }}>
      <section className="panel rule" aria-label={t('byClicking')}>
        <div className="bar leaf-head"><h2>{t('byClicking')}</h2><span className="quiet push">{t('countsHint')}</span></div>
        <Clicked rule={rule} countedAt={countedAt} />
      </section>
      <div className="stack">
        <section className="panel"><h2>{t('sizeNow')}</h2><Size estimate={estimate} /></section>
        <section className="panel">
          <h2>EQL</h2>
          <EqlEditor text={rule.text} fault={rule.fault} onChange={rule.setText} />
          {rule.problem !== undefined && <ProblemNote error={rule.problem} />}
          <p className="quiet" style={{ marginTop: 8 }}>{t('eqlHint')}</p>
        </section>
      </div>
    </div>
  );
}
