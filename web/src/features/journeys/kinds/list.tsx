import { OrderedListOutlined } from '@ant-design/icons';
import { useLists } from '../../../api/queries';
import { useTexts } from '../../../lib/texts';
import { ChoiceField, ChosenField, words } from '../fields';
import { texts } from '../texts';
import { kind, type EditorProps } from './kind';
import { sayCalled } from './say';

function Editor({ node, onChange }: EditorProps) {
  const t = useTexts(texts);
  const lists = useLists().data?.items ?? [];
  return (
    <>
      <ChosenField label={t('listId')} of="list" from={lists} value={node['list']} onChange={(list) => onChange({ list })} />
      <ChoiceField label={t('listAction')} of="action" value={node['action'] ?? 'add'} options={words(t, 'listAction', ['add', 'remove'])} onChange={(action) => onChange({ action })} />
    </>
  );
}

export const list = kind({
  kind: 'list', icon: <OrderedListOutlined />, group: 'act', initial: { list: '', action: 'add' }, Editor,
  summary: (node, saying) => `${saying.t(node['action'] === 'remove' ? 'listAction_remove' : 'listAction_add')} ${sayCalled('list', node['list'], saying)}`,
});
