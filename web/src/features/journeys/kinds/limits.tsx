import { useTexts } from '../../../lib/texts';
import { ChoiceField, DurationField, FlagField, NumberField, TextField, words } from '../fields';
import { texts } from '../texts';
import type { EditorProps } from './kind';

// What every kind of message says of caps, time and cost.
export function Limits({ node, onChange }: EditorProps) {
  const t = useTexts(texts);
  return (
    <>
      <ChoiceField label={t('onCap')} of="on_cap" value={node['on_cap'] ?? 'skip'} options={words(t, 'cap', ['skip', 'wait', 'exit'])} onChange={(value) => onChange(value === 'wait' ? { on_cap: value } : { on_cap: value, cap_wait: undefined })} />
      {node['on_cap'] === 'wait' && <DurationField label={t('capWait')} of="cap_wait" value={node['cap_wait']} onChange={(value) => onChange({ cap_wait: value })} />}
      <DurationField label={t('timeToLive')} of="time_to_live" value={node['time_to_live']} onChange={(value) => onChange({ time_to_live: value })} />
      <NumberField label={t('price')} of="price" value={node['price']} onChange={(price) => onChange({ price })} />
      <TextField label={t('benefit')} of="benefit" value={node['benefit']} onChange={(benefit) => onChange({ benefit })} />
      <FlagField label={t('transactional')} of="transactional" value={node['transactional']} onChange={(value) => onChange({ transactional: value })} />
    </>
  );
}
