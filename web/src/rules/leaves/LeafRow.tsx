import type { ReactNode } from 'react';
import { Button, Select } from 'antd';
import { CloseOutlined } from '@ant-design/icons';
import { useTexts } from '../../lib/texts';
import { Num } from '../../ui/Num';
import type { Counted } from '../core/counts';
import { isPlainDid, isPlainRange, isPlainTest } from '../core/ops';
import { isComplete, isDid, isField, isNot, isSample, isSequence, isTagTest, simpleWhere, type Rule } from '../core/rule';
import { texts } from '../texts';
import { DidEditor } from './DidEditor';
import { FieldEditor } from './FieldEditor';
import { MemberEditor } from './MemberEditor';
import { SampleEditor } from './SampleEditor';
import { SequenceEditor } from './SequenceEditor';
import { TagEditor } from './TagEditor';

// Clicking covers the leaves that sentences cover; the rest is shown as text and edited there.
function isEditable(leaf: Rule): boolean {
  if (isDid(leaf)) return leaf.did.length === 1 && leaf.did[0]!.where === undefined && simpleWhere(leaf.where)?.every(isPlainTest) === true && isPlainDid(leaf);
  if (isSequence(leaf)) return leaf.seq.every(({ events, without }) => events.length === 1 && events[0]!.where === undefined && !without) && !leaf.reached && !leaf.within && isPlainRange(leaf.range);
  if (isField(leaf) || isTagTest(leaf)) return isPlainTest(leaf);
  return isSample(leaf) || 'segment' in leaf || 'list' in leaf;
}

function Editor({ leaf, onChange }: { leaf: Rule; onChange: (leaf: Rule) => void }): ReactNode {
  if (isField(leaf)) return <FieldEditor leaf={leaf} onChange={onChange} />;
  if (isTagTest(leaf)) return <TagEditor leaf={leaf} onChange={onChange} />;
  if (isDid(leaf)) return <DidEditor leaf={leaf} onChange={onChange} />;
  if (isSequence(leaf)) return <SequenceEditor leaf={leaf} onChange={onChange} />;
  if (isSample(leaf)) return <SampleEditor leaf={leaf} onChange={onChange} />;
  if ('segment' in leaf) return <MemberEditor kind="segment" id={String(leaf.segment)} onChange={(segment) => onChange({ segment })} />;
  return <MemberEditor kind="list" id={String((leaf as { list: string }).list)} onChange={(list) => onChange({ list })} />;
}

// One condition as a sentence, with its own count and the count so far.
export function LeafRow({ rule, counted, onChange, onRemove }: { rule: Rule; counted: Counted | undefined; onChange: (rule: Rule) => void; onRemove: () => void }) {
  const t = useTexts(texts);
  const negated = isNot(rule);
  const leaf = negated ? rule.not : rule;
  const set = (changed: Rule, no: boolean) => onChange(no ? { not: changed } : changed);
  const word = isDid(leaf) || isSequence(leaf) ? 'did' : 'is';
  return (
    <div className="leaf" role="group" aria-label={counted?.eql ?? t('unfinished')}>
      <div className="row">
        {isEditable(leaf) ? (
          <>
            <Select aria-label={t('negation')} className={negated ? 'negated' : undefined} style={{ width: word === 'did' ? 86 : 74 }} value={negated} onChange={(no) => set(leaf, no)} options={[{ value: false, label: t(`${word}_yes`) }, { value: true, label: t(`${word}_no`) }]} />
            <Editor leaf={leaf} onChange={(changed) => set(changed, negated)} />
          </>
        ) : <span className="code grow" title={t('asText')}>{counted?.eql ?? JSON.stringify(rule)}</span>}
      </div>
      <div className="counts">
        {!isComplete(rule) ? <span className="unfinished">{t('unfinished')}</span> : counted && (
          <>
            {counted.count !== undefined && <span title={t('alone')}><Num value={counted.count} /></span>}
            {counted.left !== undefined && <span className="quiet" title={t('soFar')}>{t('left')} <Num value={counted.left} /></span>}
          </>
        )}
      </div>
      <Button type="text" size="small" aria-label={t('remove')} icon={<CloseOutlined />} onClick={onRemove} />
    </div>
  );
}
