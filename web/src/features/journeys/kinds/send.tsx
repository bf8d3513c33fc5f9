import { SendOutlined } from '@ant-design/icons';
import { AutoComplete } from 'antd';
import { useTexts } from '../../../lib/texts';
import { Field, TextField } from '../fields';
import { texts } from '../texts';
import { kind, type EditorProps } from './kind';
import { kChannels, Limits } from './limits';
import { sayText } from './say';

function Editor(props: EditorProps) {
  const t = useTexts(texts);
  const { node, onChange } = props;
  return (
    <>
      <Field label={t('channel')} of="channel"><AutoComplete aria-label={t('channel')} style={{ width: '100%' }} value={String(node['channel'] ?? '')} onChange={(channel: string) => onChange({ channel })} options={kChannels.map((value) => ({ value, label: t(`channel_${value}`) }))} /></Field>
      <TextField label={t('text')} of="text" rows={3} hint={`${t('dear')} {{name}}`} value={node['text']} onChange={(text) => onChange({ text })} />
      <Limits {...props} />
      <TextField label={t('benefit')} of="benefit" value={node['benefit']} onChange={(benefit) => onChange({ benefit })} />
    </>
  );
}

export const send = kind({ kind: 'send', icon: <SendOutlined />, group: 'touch', initial: { channel: 'sms', text: '' }, Editor, summary: (node) => `${sayText(node['channel'])}: ${sayText(node['text'])}` });
