import { Input } from 'antd';
import { useTexts } from '../../../lib/texts';
import { ChoiceField, DurationField, FlagField, NumberField, Rows, TextField, words } from '../fields';
import { texts } from '../texts';
import { ChannelInput } from './ChannelInput';
import type { EditorProps } from './kind';

interface Instead { channel: string; text: string }

// What every kind of message says of caps, time and cost.
export function Limits({ node, onChange }: EditorProps) {
  const t = useTexts(texts);
  return (
    <>
      <ChoiceField label={t('onCap')} of="on_cap" value={node['on_cap'] ?? 'skip'} options={words(t, 'cap', ['skip', 'wait', 'exit', 'next_channel'])} onChange={(value) => onChange({ on_cap: value, cap_wait: value === 'wait' ? node['cap_wait'] : undefined, instead: value === 'next_channel' && node.type === 'send' ? (node['instead'] ?? [{ channel: 'push', text: node['text'] ?? '' }]) : undefined })} />
      {node['on_cap'] === 'next_channel' && node.type === 'send' && (
        <Rows<Instead> label={t('instead')} of="instead" rows={(node['instead'] ?? []) as Instead[]} most={30} make={() => ({ channel: 'push', text: '' })} onChange={(instead) => onChange({ instead })}>
          {(one, set) => (
            <>
              <ChannelInput value={one.channel} onChange={(channel) => set({ channel })} />
              <Input.TextArea aria-label={`${t('instead')} ${t('text')}`} placeholder={`${t('dear')} {{name}}`} rows={2} value={one.text} onChange={(event) => set({ text: event.target.value })} />
            </>
          )}
        </Rows>
      )}
      {node['on_cap'] === 'wait' && <DurationField label={t('capWait')} of="cap_wait" value={node['cap_wait']} onChange={(value) => onChange({ cap_wait: value })} />}
      <DurationField label={t('timeToLive')} of="time_to_live" value={node['time_to_live']} onChange={(value) => onChange({ time_to_live: value })} />
      <NumberField label={t('price')} of="price" value={node['price']} onChange={(price) => onChange({ price })} />
      <TextField label={t('benefit')} of="benefit" value={node['benefit']} onChange={(benefit) => onChange({ benefit })} />
      <FlagField label={t('transactional')} of="transactional" value={node['transactional']} onChange={(value) => onChange({ transactional: value })} />
    </>
  );
}
