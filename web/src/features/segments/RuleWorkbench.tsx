import { useMemo } from 'react';
import { Alert } from 'antd';
import { percent } from '../../lib/format';
import { useTexts } from '../../lib/texts';
import { Nothing } from '../../ui/Nothing';
import { Num } from '../../ui/Num';
import { ProblemNote } from '../../ui/ProblemNote';
import { texts as uiTexts } from '../../ui/texts';
import { Waiting } from '../../ui/Waiting';
import { leafPlaces, membersOf, type Place } from './core/rule';
import { EqlEditor } from './EqlEditor';
import { useEstimate } from './queries';
import { GroupEditor } from './rule/GroupEditor';
import type { Counted } from './rule/LeafRow';
import { texts } from './texts';
import type { useRule } from './useRule';

// What the server counted, by place. A place with several leaves shows their texts, and no single count.
function useCounts(rule: ReturnType<typeof useRule>) {
  const estimate = useEstimate(rule.good);
  const counts = useMemo(() => {
    const found = new Map<string, Counted>();
    const leaves = estimate.data?.leaves ?? [], after = estimate.data?.after ?? [];
    const places = leafPlaces(rule.root);
    if (places.length !== leaves.length) return found;
    const isAll = 'and' in rule.root;
    const parts = [...new Set(places.map(([first]) => first))];
    places.forEach((place, i) => {
      const left = isAll && place.length === 1 ? after[parts.indexOf(place[0])]?.left : undefined;
      found.set(place.join('.'), { ...leaves[i]!, left: parts.length > 1 ? left : undefined });
    });
    return found;
  }, [estimate.data, rule.root]);
  return { estimate, countedAt: (place: Place) => counts.get(place.join('.')) };
}

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
  const reading = rule.edited === 'text' && rule.text.trim() !== '' && rule.good === undefined && !rule.fault && rule.problem === undefined; // the first time
  return (
    <div className="grid" style={{ gridTemplateColumns: 'minmax(0, 1fr) 380px', alignItems: 'start' }}>
      <section className="panel rule" aria-label={t('byClicking')}>
        <div className="bar leaf-head"><h2>{t('byClicking')}</h2><span className="quiet push">{t('countsHint')}</span></div>
        {!reading && membersOf(rule.root).length === 0 && <Nothing what={t(rule.fault ? 'ruleWrong' : 'ruleEmpty')} />}
        {reading ? <Waiting rows={5} /> : <GroupEditor root={rule.root} group={rule.root} place={[]} countedAt={countedAt} onChange={rule.setRoot} />}
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
