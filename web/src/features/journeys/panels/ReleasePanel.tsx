import { useState } from 'react';
import { Alert, App, Button, Input, InputNumber, Space, Steps } from 'antd';
import type { JourneyState } from '../../../api/schema';
import { useMayWhole } from '../../../api/queries';
import { exact } from '../../../lib/format';
import { journeyName } from '../../../lib/label';
import { useLanguage, useTexts } from '../../../lib/texts';
import { ProblemNote } from '../../../ui/ProblemNote';
import type { Definition, Guardrails, Release } from '../core/definition';
import { useRelease } from '../queries';
import { texts } from '../texts';

// What pauses the journey by itself, and how far it is from that.
function Rails({ rails, state }: { rails: Guardrails | undefined; state: JourneyState }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const { messages, failed, opted_out: optedOut, spend } = state.watched ?? { messages: 0, failed: 0, opted_out: 0, spend: 0 };
  const share = (count: number) => (messages > 0 ? `${exact((count / messages) * 100, language)}%` : '–');
  const rows: [string, string, string][] = [];
  if (rails?.failed_percent) rows.push([t('railFailed'), share(failed), `${rails.failed_percent}%`]);
  if (rails?.opted_out_percent) rows.push([t('railOptedOut'), share(optedOut), `${rails.opted_out_percent}%`]);
  if (rails?.spend) rows.push([t('spend'), exact(spend, language), exact(rails.spend, language)]);
  return (
    <>
      <h2>{t('guardrails')}</h2>
      {rows.length === 0 ? <p className="quiet">{t('noRails')}</p> : (
        <>
          <dl className="pairs">{rows.map(([name, now, limit]) => [<dt key={name}>{name}</dt>, <dd key={`${name} now`} className="num">{t('railNow', { now, limit })}</dd>])}</dl>
          <p className="quiet">{t('railsAfter', { after: exact(rails?.after ?? 100, language), messages: exact(messages, language) })}</p>
        </>
      )}
    </>
  );
}

// Whom the running version lets in, and the next step: named customers, a share, everybody.
export function ReleasePanel({ id, definition, state }: { id: string; definition: Definition; state: JourneyState }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const { modal, message } = App.useApp();
  const may = useMayWhole('journeys.change');
  const release = definition['release'] as Release | undefined;
  const [who, setWho] = useState(release?.who ?? '');
  const [percent, setPercent] = useState(release?.percent || 5);
  const change = useRelease();
  const at = release === undefined ? 2 : release.percent ? 1 : 0;
  const ask = (next: Release, body: string) => void modal.confirm({
    title: t('releaseAsk', { name: journeyName(state, language) }), content: body, okText: t('releaseDo'), cancelText: t('cancel'),
    onOk: () => change.mutateAsync({ id, release: next }).then(() => void message.success(t('published'))),
  });
  const open = may && (state.phase === 'running' || state.phase === 'paused');
  return (
    <div className="stack tight">
      {state.phase === 'paused' && state.phase_reason?.startsWith('guardrail') && <Alert type="warning" showIcon title={t('pausedByRail')} description={<span className="code">{state.phase_reason}</span>} />}
      <h2>{t('releaseTo')}</h2>
      <Steps size="small" orientation="vertical" current={at} items={[
        { title: t('step_named'), content: release?.who ? <span className="code">{release.who}</span> : undefined },
        { title: t('step_share'), content: release?.percent ? `${release.percent}%` : undefined },
        { title: t('step_all') },
      ]} />
      {open && (
        <div className="stack tight">
          <Space.Compact block><Input aria-label={t('releaseWho')} className="code" placeholder={t('releaseWhoHint')} value={who} onChange={(event) => setWho(event.target.value)} /><Button disabled={!who.trim()} onClick={() => ask({ who: who.trim(), percent: 0 }, t('askNamed', { who: who.trim() }))}>{t('step_named')}</Button></Space.Compact>
          <div className="row"><InputNumber aria-label={t('step_share')} min={0.01} max={99.99} suffix="%" value={percent} onChange={(value) => setPercent(value ?? 5)} /><Button onClick={() => ask({ percent }, t('askShare', { percent }))}>{t('step_share')}</Button><Button type="primary" disabled={at === 2} onClick={() => ask({ percent: 100 }, t('askAll'))}>{t('step_all')}</Button></div>
          {change.isError && <ProblemNote error={change.error} />}
        </div>
      )}
      <Rails rails={definition['guardrails'] as Guardrails | undefined} state={state} />
    </div>
  );
}
