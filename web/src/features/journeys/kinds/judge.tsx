import { QuestionCircleOutlined } from '@ant-design/icons';
import { useTexts } from '../../../lib/texts';
import { TextField } from '../fields';
import { texts } from '../texts';
import { kind, type EditorProps } from './kind';
import { sayText } from './say';

function Editor({ node, onChange }: EditorProps) {
  const t = useTexts(texts);
  return <TextField label={t('condition')} of="when" rows={3} code hint="vip >= 1" value={node['when']} onChange={(when) => onChange({ when })} />;
}

export const judge = kind({ kind: 'judge', icon: <QuestionCircleOutlined />, group: 'judge', initial: { when: '' }, Editor, summary: (node) => sayText(node['when']) });
