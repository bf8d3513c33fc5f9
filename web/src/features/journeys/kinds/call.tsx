import { ExportOutlined } from '@ant-design/icons';
import { Input } from 'antd';
import { useTexts } from '../../../lib/texts';
import { ChoiceField, DurationField, Rows, TextField, words } from '../fields';
import { texts } from '../texts';
import { kind, type EditorProps } from './kind';
import { sayText } from './say';

interface Passed { from: string; as?: string }

// Values of the entry that another entry gets.
function PassedRows({ label, of, rows, onChange }: { label: string; of: string; rows: unknown; onChange: (rows: Passed[] | undefined) => void }) {
  const t = useTexts(texts);
  return (
    <Rows<Passed> label={label} of={of} rows={(rows as Passed[] | undefined) ?? []} most={30} make={() => ({ from: '' })} onChange={(changed) => onChange(changed.length > 0 ? changed : undefined)}>
      {(one, set) => (
        <>
          <Input aria-label={`${label} ${t('passFrom')}`} className="code" placeholder={t('passFrom')} value={one.from} onChange={(event) => set({ from: event.target.value })} />
          <Input aria-label={`${label} ${t('passAs')}`} className="code" placeholder={t('passAs')} value={one.as ?? ''} onChange={(event) => set({ as: event.target.value || undefined })} />
        </>
      )}
    </Rows>
  );
}

function Editor({ node, onChange }: EditorProps) {
  const t = useTexts(texts);
  return (
    <>
      <TextField label={t('otherJourney')} of="journey" code value={node['journey']} onChange={(journey) => onChange({ journey })} />
      <ChoiceField label={t('waitForIt')} of="wait" value={node['wait'] ?? 'none'} options={words(t, 'callWait', ['none', 'completion'])} onChange={(value) => onChange(value === 'completion' ? { wait: value } : { wait: value, out: undefined, timeout: undefined })} />
      {node['wait'] === 'completion' && <DurationField label={t('timeout')} of="timeout" value={node['timeout']} onChange={(timeout) => onChange({ timeout })} />}
      <PassedRows label={t('callIn')} of="in" rows={node['in']} onChange={(passed) => onChange({ in: passed })} />
      {node['wait'] === 'completion' && <PassedRows label={t('callOut')} of="out" rows={node['out']} onChange={(passed) => onChange({ out: passed })} />}
    </>
  );
}

export const call = kind({ kind: 'call', icon: <ExportOutlined />, group: 'act', initial: { journey: '' }, Editor, summary: (node) => sayText(node['journey']) });
