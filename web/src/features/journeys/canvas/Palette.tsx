import { useTexts } from '../../../lib/texts';
import type { Kind as Name } from '../core/definition';
import { kinds } from '../kinds';
import { texts } from '../texts';

export const kDragType = 'application/x-waypost-node';

// Drag a kind onto the canvas, or press it: then it is put in the middle.
export function Palette({ onAdd }: { onAdd: (kind: Name) => void }) {
  const t = useTexts(texts);
  return (
    <div className="palette" role="toolbar" aria-label={t('palette')} aria-orientation="vertical">
      {kinds.filter(({ kind }) => kind !== 'entry').map(({ kind, icon, group }) => (
        <button key={kind} type="button" className={`piece ${group}`} draggable title={t(`kind_${kind}_how`)} onClick={() => onAdd(kind)}
          onDragStart={(event) => { event.dataTransfer.setData(kDragType, kind); event.dataTransfer.effectAllowed = 'copy'; }}>
          <span className="icon">{icon}</span>{t(`kind_${kind}`)}
        </button>
      ))}
    </div>
  );
}
