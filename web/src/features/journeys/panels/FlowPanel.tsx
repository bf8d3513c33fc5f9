import { App, Button } from 'antd';
import { Link } from 'react-router-dom';
import type { AtNode } from '../../../api/schema';
import { dateTime, exact } from '../../../lib/format';
import { customerLink, splitName } from '../../../lib/links';
import { useLanguage, useTexts } from '../../../lib/texts';
import { ListTable } from '../../../ui/ListTable';
import { Loaded } from '../../../ui/Loaded';
import { Nothing } from '../../../ui/Nothing';
import { Num, Rate } from '../../../ui/Num';
import { upliftOf, verdictOf } from '../core/uplift';
import type { Counts } from '../holders';
import { useAtNode, useChooseWay } from '../queries';
import { reasonTexts, reasonWord } from '../reasonTexts';
import { outcomeWord, texts } from '../texts';
import { NodeHold } from './NodeHold';

type Someone = AtNode['customers'][number];

// A way on, or, as it is chosen, the reason of an exit.
const kLeft = 'left:';

function People({ journey, node, chosen, reasons }: { journey: string; node: string; chosen: string; reasons: Record<string, number> | undefined }) {
  const t = useTexts(texts);
  const says = useTexts(reasonTexts);
  const left = chosen.startsWith(kLeft) && chosen.slice(kLeft.length) in (reasons ?? {}) ? chosen.slice(kLeft.length) : undefined;
  const outcome = left ? undefined : chosen || undefined;
  const language = useLanguage();
  return (
    <Loaded query={useAtNode(journey, node, left ? { left } : outcome ? { outcome } : {}, true)} rows={4}>
      {({ count, customers }) => (
        <>
          <h3>{left ? `${t('leftHere')} · ${reasonWord(says, left)}` : outcome ? t('wentBy', { outcome: outcomeWord(t, outcome) }) : t('hereNow')} {exact(count, language)}</h3>
          <ListTable<Someone> list={[node, chosen].filter(Boolean).join('.')} rowsOnPage={10} rowKey={({ name, time }) => `${name} ${time}`} dataSource={customers} showHeader={false}
            locale={{ emptyText: <Nothing what={t('nobodyHere')} /> }} columns={[
              { dataIndex: 'name', render: (name: string) => <Link className="code" to={customerLink(name)}>{splitName(name)[1]}</Link> },
              { dataIndex: 'time', align: 'right', className: 'nowrap', render: (time: string) => <span className="quiet">{dateTime(Date.parse(time), language)}</span> },
            ]} />
          <p className="quiet">{t('recentOnly')}</p>
        </>
      )}
    </Loaded>
  );
}

type Arm = NonNullable<Counts['experiment']>['arms'][number];

// One way, and how much more often it reaches the goal than the first.
function ArmRow({ arm, base }: { arm: Arm; base: Arm | undefined }) {
  const t = useTexts(texts);
  const uplift = base && upliftOf(arm, base), verdict = uplift && verdictOf(uplift);
  const points = (share: number) => `${share > 0 ? '+' : ''}${(share * 100).toFixed(1)}`;
  return (
    <>
      <tr><td>{arm.outcome}</td><td><Num value={arm.entered} /></td><td><Num value={arm.converted} /></td><td><Rate part={arm.converted} whole={arm.entered} /></td></tr>
      {uplift && verdict && base && <tr className="uplift"><td colSpan={4}><span className={verdict === 'more' ? 'up' : verdict === 'less' ? 'down' : 'quiet'}>{t(`uplift_${verdict}`, { base: base.outcome, points: points(uplift.difference), low: points(uplift.low), high: points(uplift.high) })}</span></td></tr>}
    </>
  );
}

function Trial({ journey, node, trial }: { journey: string; node: string; trial: NonNullable<Counts['experiment']> }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const { modal } = App.useApp();
  const choose = useChooseWay();
  const ask = (outcome: string) => void modal.confirm({ title: t('chooseWay', { way: outcome }), content: t('chooseWayBody'), okText: t('chooseIt'), cancelText: t('cancel'), onOk: () => choose.mutateAsync({ id: journey, node, outcome }) });
  const way = trial.goes_on_with ?? trial.proposes ?? '';
  return (
    <>
      <h3>{t('trial')}</h3>
      <p className="quiet">{trial.proposes !== undefined && t('trialProposes')}{trial.result ? t(`trial_${trial.result}`, { way }) : `${t('trialEnds')} ${dateTime(Date.parse(trial.ends), language)}`}</p>
      <table className="brief trial">
        <thead><tr><th>{t('trialWay')}</th><th>{t('cameIn')}</th><th>{t('trialGoals')}</th><th>{t('trialRate')}</th></tr></thead>
        <tbody>{trial.arms.map((arm, i) => <ArmRow key={arm.outcome} arm={arm} base={i > 0 ? trial.arms[0] : undefined} />)}</tbody>
      </table>
      {trial.proposes !== undefined && <div className="row">{trial.arms.map(({ outcome }) => <Button key={outcome} size="small" type={outcome === trial.proposes ? 'primary' : 'default'} loading={choose.isPending} onClick={() => ask(outcome)}>{t('chooseWay', { way: outcome })}</Button>)}</div>}
    </>
  );
}

// The numbers of one node, and who is behind each of them; who sees some customers only is told no numbers.
export function FlowPanel({ journey, counts, outcome, onOutcome }: { journey: string; counts: Counts; outcome: string; onOutcome: (outcome: string) => void }) {
  const t = useTexts(texts);
  const says = useTexts(reasonTexts);
  const language = useLanguage();
  const row = (name: string, value: number, pick: string) => (
    <button key={pick} type="button" className={`pick${outcome === pick ? ' chosen' : ''}`} aria-pressed={outcome === pick} onClick={() => onOutcome(pick)}><span>{name}</span><b className="num">{exact(value, language)}</b></button>
  );
  const still = (title: string, of: Record<string, number>, word: (name: string) => string) => (
    <>
      <h3>{title}</h3>
      {Object.entries(of).map(([name, value]) => <div key={name} className="pick still"><span>{word(name)}</span><b className="num">{exact(value, language)}</b></div>)}
    </>
  );
  return (
    <div className="stack tight">
      {counts.in !== undefined && <div className="pick still"><span>{t('cameIn')}</span><b className="num">{exact(counts.in, language)}</b></div>}
      {counts.here !== undefined && row(t('hereNow'), counts.here, '')}
      {Object.entries(counts.out ?? {}).map(([name, value]) => row(outcomeWord(t, name), value, name))}
      <NodeHold journey={journey} counts={counts} />
      {counts.experiment && <Trial journey={journey} node={counts.id} trial={counts.experiment} />}
      {counts.left && <h3>{t('leftHere')}</h3>}
      {Object.entries(counts.left ?? {}).map(([name, value]) => row(reasonWord(says, name), value, kLeft + name))}
      {counts.messages && still(t('messages'), counts.messages, (name) => outcomeWord(t, name))}
      {counts.conversions !== undefined && still(t('ofItsMessages'), { goals: counts.conversions, revenue: counts.revenue ?? 0 }, (name) => t(name as 'goals' | 'revenue'))}
      <People journey={journey} node={counts.id} chosen={outcome} reasons={counts.left} />
    </div>
  );
}
