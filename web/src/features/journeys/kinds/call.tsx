import { ExportOutlined } from '@ant-design/icons';
import { Input } from 'antd';
import { useJourneys } from '../../../api/queries';
import { useTexts } from '../../../lib/texts';
import { ChoiceField, ChosenField, DurationField, Rows, words } from '../fields';
import { texts } from '../texts';
import { kind, type EditorProps } from './kind';
import { sayCalled } from './say';

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
  const journeys = (useJourneys().data?.journeys ?? []).map(({ id, name, name_en }) => ({ id, name_zh: name, name_en }));
  return (
    <>
      <ChosenField label={t('otherJourney')} of="journey" from={journeys} value={node['journey']} onChange={(journey) => onChange({ journey })} />
      <ChoiceField label={t('waitForIt')} of="wait" value={node['wait'] ?? 'none'} options={words(t, 'callWait', ['none', 'completion'])} onChange={(value) => onChange(value === 'completion' ? { wait: value } : { wait: value, out: undefined, timeout: undefined })} />
      {node['wait'] === 'completion' && <DurationField label={t('timeout')} of="timeout" value={node['timeout']} onChange={(timeout) => onChange({ timeout })} />}
      <PassedRows label={t('callIn')} of="in" rows={node['in']} onChange={(passed) => onChange({ in: passed })} />
      {node['wait'] === 'completion' && <PassedRows label={t('callOut')} of="out" rows={node['out']} onChange={(passed) => onChange({ out: passed })} />}
    </>
  );
}

export const call = kind({ kind: 'call', icon: <ExportOutlined />, group: 'act', initial: { journey: '' }, Editor, summary: (node, saying) => sayCalled('journey', node['journey'], saying) });
