import { useTexts } from '../../../lib/texts';
import type { Definition, JourneyNode } from '../core/definition';
import { TextField } from '../fields';
import { kindOf } from '../kinds';
import { texts } from '../texts';
import { EntryEditor } from './EntryEditor';

export function NodeSettings({ node, definition, onNode, onJourney }: {
  node: JourneyNode; definition: Definition; onNode: (change: Partial<JourneyNode>, renamed?: [string, string]) => void; onJourney: (change: Partial<Definition>) => void;
}) {
  const t = useTexts(texts);
  const { Editor } = kindOf(node.type);
  return (
    <>
      <TextField label={t('note')} of="note" hint={t(`kind_${node.type}`)} value={node.note} onChange={(note) => onNode({ note })} />
      {node.type === 'entry' && <EntryEditor definition={definition} onChange={onJourney} />}
      {Editor && <Editor node={node} onChange={onNode} />}
      {node.type === 'exit' && <p className="quiet">{t('exitHow')}</p>}
    </>
  );
}
