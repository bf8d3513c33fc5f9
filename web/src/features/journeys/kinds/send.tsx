import { SendOutlined } from '@ant-design/icons';
import { Select } from 'antd';
import { useTemplates } from '../../../api/queries';
import { colon } from '../../../lib/format';
import { namedIn } from '../../../lib/label';
import { fit } from '../../../lib/match';
import { useLanguage, useTexts } from '../../../lib/texts';
import { Field, TextField } from '../fields';
import { texts } from '../texts';
import { ChannelInput } from './ChannelInput';
import { kind, type EditorProps } from './kind';
import { Limits } from './limits';
import { sayText } from './say';

function Editor(props: EditorProps) {
  const t = useTexts(texts);
  const { node, onChange } = props;
  const language = useLanguage();
  const templates = useTemplates().data?.items ?? [];
  return (
    <>
      <Field label={t('channel')} of="channel"><ChannelInput value={String(node['channel'] ?? '')} onChange={(channel) => onChange({ channel })} /></Field>
      {templates.length > 0 && <Field label={t('template')} of="template"><Select aria-label={t('template')} placeholder={t('chooseTemplate')} value={null} style={{ width: '100%' }} showSearch={{ filterOption: (typed, option) => fit(typed, [String(option?.label ?? '')]) > 0 }} onChange={(id: string | null) => { const text = templates.find((one) => one.id === id)?.body.text; if (typeof text === 'string') onChange({ text }); }} options={templates.map((one) => ({ value: one.id, label: namedIn(one, language) }))} /></Field>}
      <TextField label={t('text')} of="text" rows={3} hint={`${t('dear')} {{name}}`} value={node['text']} onChange={(text) => onChange({ text })} />
      <TextField label={t('onlyIf')} of="only_if" code hint="vip >= 1" value={node['only_if']} onChange={(only_if) => onChange({ only_if })} />
      <Limits {...props} />
    </>
  );
}

export const send = kind({ kind: 'send', icon: <SendOutlined />, group: 'touch', initial: { channel: 'sms', text: '' }, Editor, summary: (node, { channel, language }) => `${channel(sayText(node['channel']))}${colon(language)}${sayText(node['text'])}` });
