import { useState } from 'react';
import { Alert, App, Button, Input, Select, Space } from 'antd';
import { PlayCircleOutlined } from '@ant-design/icons';
import { useChannelName } from '../../../api/channelNames';
import type { Identity, JourneyTested } from '../../../api/schema';
import { useGap, useLanguage, useTexts } from '../../../lib/texts';
import { KindSelect } from '../../../ui/KindSelect';
import { Nothing } from '../../../ui/Nothing';
import { ProblemNote } from '../../../ui/ProblemNote';
import { Rows } from '../../../ui/Rows';
import { TraceView } from '../../../ui/TraceView';
import type { Definition } from '../core/definition';
import { kReceipts } from '../fields';
import { useTry } from '../queries';
import { outcomeWord, texts } from '../texts';

type Said = { name: string; value: string };

function Tried({ tried, journey, nodeName }: { tried: JourneyTested; journey: string; nodeName: (node: string) => string }) {
  const t = useTexts(texts);
  const gap = useGap();
  const language = useLanguage();
  const channelName = useChannelName();
  return (
    <>
      {tried.refused && <Alert type="warning" showIcon title={t('tryRefused', { reason: (language === 'zh' ? tried.refused.reason_zh : tried.refused.reason_en) ?? tried.refused.reason })} />}
      {tried.inside && <Alert type="info" showIcon title={t('tryInside')} />}
      {!tried.refused && <h3>{t('tryMessages', { count: tried.messages.length })}</h3>}
      {tried.messages.map(({ node, channel, address, text, sent }, i) => (
        <section key={i} className="tried" aria-label={`${nodeName(node)} ${i + 1}`}>
          <div className="quiet">{nodeName(node)} · {channelName(channel)} · <span className="code">{address}</span></div>
          <p>{text}</p>
          {sent && <div className="quiet">{t('trySent')}{gap}{outcomeWord(t, sent.outcome)} {sent.why}</div>}
        </section>
      ))}
      <h3>{t('tryWay')}</h3>
      <TraceView lines={tried.trace} journey={journey} nodeName={nodeName} outcomeName={(outcome) => outcomeWord(t, outcome)} empty={t('nobodyHere')} />
    </>
  );
}

// What the definition does with one customer, every wait being over at once; nothing is sent unless it is asked for.
export function TryPanel({ definition, nodeName, who, onWho, trial }: { definition: Definition; nodeName: (node: string) => string; who: Identity; onWho: (who: Identity) => void; trial: ReturnType<typeof useTry> }) {
  const t = useTexts(texts);
  const { modal } = App.useApp();
  const [key, setKey] = useState(who.key || 'login');
  const [value, setValue] = useState(who.value);
  const [said, setSaid] = useState<Said[]>([]);
  const [becomes, setBecomes] = useState('accepted');
  const named = value.trim();
  const go = (send: boolean) => {
    onWho({ key, value: named });
    trial.mutate({ journey: definition, customer: { key, value: named }, context: Object.fromEntries(said.filter(({ name }) => name.trim()).map((one) => [one.name.trim(), one.value])), becomes, send });
  };
  const askSend = () => void modal.confirm({ title: t('trySendAsk', { who: named }), content: t('trySendBody'), okText: t('trySend'), cancelText: t('cancel'), onOk: () => go(true) });
  return (
    <div className="stack tight">
      <p className="quiet">{t('tryHow')}</p>
      <Space.Compact block>
        <KindSelect aria-label={t('whoKey')} width={110} value={key} onChange={(next) => setKey(next ?? 'login')} />
        <Input aria-label={t('who')} placeholder={t('whoHint')} value={value} onChange={(event) => setValue(event.target.value)} onPressEnter={() => named && go(false)} />
      </Space.Compact>
      <span className="label">{t('tryContext')}</span>
      <Rows rows={said} fresh={{ name: '', value: '' }} add={t('add')} name={t('tryContext')} onChange={setSaid}>
        {(row, set, label) => (
          <>
            <Input aria-label={label(t('tryProperty'))} placeholder={t('tryProperty')} className="code" value={row.name} onChange={(event) => set({ name: event.target.value })} />
            <Input aria-label={label(t('value'))} placeholder={t('value')} value={row.value} onChange={(event) => set({ value: event.target.value })} />
          </>
        )}
      </Rows>
      <span className="label">{t('tryBecomes')}</span>
      <Select aria-label={t('tryBecomes')} value={becomes} onChange={setBecomes} options={kReceipts.map((one) => ({ value: one as string, label: t(`outcome_${one}`) }))} />
      <div className="row">
        <Button type="primary" icon={<PlayCircleOutlined />} disabled={!named} loading={trial.isPending} onClick={() => go(false)}>{t('view_try')}</Button>
        <Button disabled={!named || trial.isPending} onClick={askSend}>{t('trySend')}</Button>
      </div>
      {trial.isError && <ProblemNote error={trial.error} />}
      {trial.data ? <Tried tried={trial.data} journey={definition.id} nodeName={nodeName} /> : !trial.isError && <Nothing what={t('tryNone')} />}
    </div>
  );
}
