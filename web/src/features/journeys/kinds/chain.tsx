import { RetweetOutlined } from '@ant-design/icons';
import { Input, Select } from 'antd';
import { useTexts } from '../../../lib/texts';
import type { Attempt } from '../core/definition';
import { DurationInput } from '../../../ui/DurationInput';
import { Rows, TextField } from '../fields';
import { texts } from '../texts';
import { ChannelInput } from './ChannelInput';
import { kind, type EditorProps } from './kind';
import { Limits } from './limits';

const kSuccess = ['accepted', 'delivered', 'opened', 'clicked', 'replied', 'goal'] as const;

function Editor(props: EditorProps) {
  const t = useTexts(texts);
  const { node, onChange } = props;
  return (
    <>
      <Rows<Attempt> label={t('attempts')} of="steps" rows={node.steps ?? []} most={30} make={() => ({ channel: 'sms', text: '', success: 'opened', wait: '2d' })} onChange={(steps) => onChange({ steps })}>
        {(step, set) => (
          <>
            <ChannelInput value={step.channel} onChange={(channel) => set({ channel })} />
            <Input.TextArea aria-label={t('text')} placeholder={`${t('dear')} {{name}}`} rows={2} value={step.text} onChange={(event) => set({ text: event.target.value })} />
            <div className="row"><span className="quiet">{t('until')}</span><Select aria-label={t('success')} style={{ width: 110 }} value={step.success ?? 'opened'} onChange={(success) => set({ success })} options={kSuccess.map((value) => ({ value: value as string, label: t(`outcome_${value}`) }))} /></div>
            <DurationInput label={t('capWait')} value={step.wait} onChange={(wait) => set({ wait })} />
            <Input aria-label={t('onlyIf')} className="code" placeholder={t('onlyIf')} value={step.only_if ?? ''} onChange={(event) => set({ only_if: event.target.value || undefined })} />
          </>
        )}
      </Rows>
      <TextField label={t('habit')} of="habit" value={node['habit']} onChange={(habit) => onChange({ habit })} />
      <Limits {...props} />
    </>
  );
}

export const chain = kind({
  kind: 'chain', icon: <RetweetOutlined />, group: 'touch', Editor,
  initial: { steps: [{ channel: 'push', text: '', success: 'opened', wait: '2d' }, { channel: 'sms', text: '', success: 'clicked', wait: '2d' }] },
  summary: (node, { channel: called }) => (node.steps ?? []).map(({ channel }) => (channel ? called(channel) : '…')).join(' → ') || '…',
});
