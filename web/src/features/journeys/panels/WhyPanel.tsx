import { useState } from 'react';
import { Input, Space } from 'antd';
import type { Identity } from '../../../api/schema';
import { useTrace } from '../../../api/trace';
import { useTexts } from '../../../lib/texts';
import { KindSelect } from '../../../ui/KindSelect';
import { Loaded } from '../../../ui/Loaded';
import { Nothing } from '../../../ui/Nothing';
import { TraceView } from '../../../ui/TraceView';
import { outcomeWord, texts } from '../texts';

// Why this customer came this way, or why not.
export function WhyPanel({ journey, nodeName, who, onWho }: { journey: string; nodeName: (node: string) => string; who: Identity; onWho: (who: Identity) => void }) {
  const t = useTexts(texts);
  const [key, setKey] = useState(who.key || 'login');
  const [value, setValue] = useState(who.value);
  const trace = useTrace(who);
  const ask = () => onWho({ key, value: value.trim() });
  return (
    <div className="stack tight">
      <Space.Compact block>
        <KindSelect aria-label={t('whoKey')} width={110} value={key} onChange={(next) => setKey(next ?? 'login')} />
        <Input.Search aria-label={t('who')} placeholder={t('whoHint')} value={value} onChange={(event) => setValue(event.target.value)} onSearch={ask} enterButton={t('why')} />
      </Space.Compact>
      {who.value === '' ? <Nothing what={t('whyHow')} /> : <Loaded query={trace} rows={5}>{({ trace: lines }) => <TraceView lines={lines} journey={journey} nodeName={nodeName} outcomeName={(outcome) => outcomeWord(t, outcome)} empty={t('neverHere')} />}</Loaded>}
    </div>
  );
}
