import { memo } from 'react';
import { Handle, Position, type Node, type NodeProps } from '@xyflow/react';
import { WarningFilled } from '@ant-design/icons';
import { short } from '../../../lib/format';
import { useLanguage, useTexts } from '../../../lib/texts';
import { firstOutcomeAt, kRow, kSecondLine, outcomesOf, type JourneyNode } from '../core/definition';
import { faultWord, type Fault } from '../faults';
import { kindOf } from '../kinds';
import { outcomeWord, texts } from '../texts';

export interface CardData extends Record<string, unknown> {
  node: JourneyNode;
  about: string; // its line
  faults?: Fault[];
  here?: number; // customers at it now
  passed?: boolean; // by the customer whose way is shown
}
export type CardNode = Node<CardData, 'card'>;

// One node: its kind's colour and icon, a title, one line, what is wrong, how many are there now.
export const NodeCard = memo(function NodeCard({ data, selected }: NodeProps<CardNode>) {
  const t = useTexts(texts);
  const language = useLanguage();
  const { node, about, faults = [], here, passed } = data;
  const kind = kindOf(node.type);
  const outcomes = outcomesOf(node);
  const wrong = faults.filter(({ warning }) => !warning).length > 0;
  const title = node.note || t(`kind_${node.type}`);
  return (
    <div className={`card ${kind.group}${selected ? ' selected' : ''}${passed ? ' passed' : ''}`} aria-label={title}>
      {node.type !== 'entry' && <Handle type="target" position={Position.Left} style={{ top: kSecondLine }} />}
      <div className="head">
        <span className="icon">{kind.icon}</span>
        <b>{title}</b>
        {here !== undefined && here > 0 && <span className="here" title={t('hereNow')}>{short(here, language)}</span>}
        {faults.length > 0 && <WarningFilled className={wrong ? 'wrong' : 'mild'} title={faults.map((fault) => faultWord(fault, language)).join('\n')} aria-label={t('faultCount', { count: faults.length })} />}
      </div>
      <div className="line">{about}</div>
      {outcomes.map((outcome, i) => {
        const at = firstOutcomeAt(node) + i * kRow;
        return (
          <div key={outcome}>
            {outcome !== 'next' && <span className="way" style={{ top: at - 9 }}>{outcomeWord(t, outcome)}</span>}
            <Handle type="source" position={Position.Right} id={outcome} style={{ top: at }} title={outcomeWord(t, outcome)} />
          </div>
        );
      })}
    </div>
  );
});
