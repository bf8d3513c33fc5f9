import { ExportOutlined } from '@ant-design/icons';
import { useTexts } from '../../../lib/texts';
import { ChoiceField, DurationField, TextField, words } from '../fields';
import { texts } from '../texts';
import { kind, type EditorProps } from './kind';
import { sayText } from './say';

function Editor({ node, onChange }: EditorProps) {
  const t = useTexts(texts);
  return (
    <>
      <TextField label={t('otherJourney')} of="journey" code value={node['journey']} onChange={(journey) => onChange({ journey })} />
      <ChoiceField label={t('waitForIt')} of="wait" value={node['wait'] ?? 'none'} options={words(t, 'callWait', ['none', 'completion'])} onChange={(value) => onChange({ wait: value })} />
      {node['wait'] === 'completion' && <DurationField label={t('timeout')} of="timeout" value={node['timeout']} onChange={(timeout) => onChange({ timeout })} />}
    </>
  );
}

export const call = kind({ kind: 'call', icon: <ExportOutlined />, group: 'act', initial: { journey: '' }, Editor, summary: (node) => sayText(node['journey']) });
