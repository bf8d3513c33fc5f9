import { useState } from 'react';
import { Input, Select, Space } from 'antd';
import type { Identity } from '../../../api/schema';
import { useTrace } from '../../../api/trace';
import { useTexts } from '../../../lib/texts';
import { Loaded } from '../../../ui/Loaded';
import { Nothing } from '../../../ui/Nothing';
import { TraceView } from '../../../ui/TraceView';
import { texts } from '../texts';

const kKeys = ['login', 'customer_no', 'phone', 'email', 'device'];

// Why this customer came this way, or why not.
export function WhyPanel({ journey, who, onWho }: { journey: string; who: Identity; onWho: (who: Identity) => void }) {
  const t = useTexts(texts);
  const [key, setKey] = useState(who.key || 'login');
  const [value, setValue] = useState(who.value);
  const trace = useTrace(who);
  const ask = () => onWho({ key, value: value.trim() });
  return (
    <div className="stack tight">
      <Space.Compact block>
        <Select aria-label={t('whoKey')} style={{ width: 130 }} value={key} onChange={setKey} options={kKeys.map((one) => ({ value: one }))} />
        <Input.Search aria-label={t('who')} placeholder={t('whoHint')} value={value} onChange={(event) => setValue(event.target.value)} onSearch={ask} enterButton={t('why')} />
      </Space.Compact>
      {who.value === '' ? <Nothing what={t('whyHow')} /> : <Loaded query={trace} rows={5}>{({ trace: lines }) => <TraceView lines={lines} journey={journey} empty={t('neverHere')} />}</Loaded>}
    </div>
  );
}
