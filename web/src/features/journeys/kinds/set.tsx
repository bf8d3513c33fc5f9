import { TagOutlined } from '@ant-design/icons';
import { useTexts } from '../../../lib/texts';
import { TextField } from '../fields';
import { texts } from '../texts';
import { kind, type EditorProps } from './kind';
import { sayText } from './say';

function Editor({ node, onChange }: EditorProps) {
  const t = useTexts(texts);
  return (
    <>
      <TextField label={t('attribute')} of="attribute" code value={node['attribute']} onChange={(attribute) => onChange({ attribute })} />
      <TextField label={t('value')} of="value" value={node['value']} onChange={(value) => onChange({ value })} />
    </>
  );
}

export const set = kind({ kind: 'set', icon: <TagOutlined />, group: 'act', initial: { attribute: '', value: '' }, Editor, summary: (node) => `${sayText(node['attribute'])} = ${sayText(node['value'])}` });
