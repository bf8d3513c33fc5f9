import { OrderedListOutlined } from '@ant-design/icons';
import { useTexts } from '../../../lib/texts';
import { ChoiceField, TextField, words } from '../fields';
import { texts } from '../texts';
import { kind, type EditorProps } from './kind';
import { sayText } from './say';

function Editor({ node, onChange }: EditorProps) {
  const t = useTexts(texts);
  return (
    <>
      <TextField label={t('listId')} of="list" code value={node['list']} onChange={(list) => onChange({ list })} />
      <ChoiceField label={t('listAction')} of="action" value={node['action'] ?? 'add'} options={words(t, 'listAction', ['add', 'remove'])} onChange={(action) => onChange({ action })} />
    </>
  );
}

export const list = kind({
  kind: 'list', icon: <OrderedListOutlined />, group: 'act', initial: { list: '', action: 'add' }, Editor,
  summary: (node, { t }) => `${t(node['action'] === 'remove' ? 'listAction_remove' : 'listAction_add')} ${sayText(node['list'])}`,
});
