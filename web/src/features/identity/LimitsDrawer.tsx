import { useState } from 'react';
import { Drawer, Form, InputNumber } from 'antd';
import type { IdentityRules } from '../../api/schema';
import { useTexts } from '../../lib/texts';
import { texts } from './texts';
import { Trial } from './Trial';

const kLimits = { largest_cluster: [2, 100_000], most_customers_a_day: [1, 1_000_000] } as const;

// The limits that hold for all kinds of identity.
export function LimitsDrawer({ rules: before, onClose }: { rules: IdentityRules; onClose: () => void }) {
  const t = useTexts(texts);
  const [rules, setRules] = useState(before);
  return (
    <Drawer open title={t('limits')} size={560} onClose={onClose}>
      <Form layout="vertical" component="div">
        {(Object.keys(kLimits) as (keyof typeof kLimits)[]).map((of) => (
          <Form.Item key={of} label={t(of)} extra={t(`${of}_how`)}><InputNumber aria-label={t(of)} min={kLimits[of][0]} max={kLimits[of][1]} precision={0} style={{ width: 140 }} value={rules[of]} onChange={(value) => setRules({ ...rules, [of]: value ?? before[of] })} /></Form.Item>
        ))}
      </Form>
      <Trial rules={rules} onDone={onClose} />
    </Drawer>
  );
}
