import { FunnelPlotOutlined } from '@ant-design/icons';
import { useTexts } from '../../../lib/texts';
import { DurationField, NumberField } from '../fields';
import { texts } from '../texts';
import { kind, type EditorProps } from './kind';
import { sayDuration } from './say';

function Editor({ node, onChange }: EditorProps) {
  const t = useTexts(texts);
  return (
    <>
      <NumberField label={t('rateMost')} of="most" min={1} max={100_000} value={node['most']} onChange={(most) => onChange({ most })} />
      <DurationField label={t('ratePer')} of="per" value={node['per']} onChange={(per) => onChange({ per })} />
    </>
  );
}

export const rate = kind({
  kind: 'rate', icon: <FunnelPlotOutlined />, group: 'wait', initial: { most: 1000, per: '1h' }, Editor,
  summary: (node, saying) => saying.t('sayRate', { count: Number(node['most'] ?? 0), time: sayDuration(node['per'], saying) }),
});
