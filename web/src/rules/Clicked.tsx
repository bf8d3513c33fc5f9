import { useTexts } from '../lib/texts';
import { Nothing } from '../ui/Nothing';
import { Waiting } from '../ui/Waiting';
import { membersOf } from './core/rule';
import { GroupEditor } from './leaves/GroupEditor';
import { texts } from './texts';
import type { useCounts } from './useCounts';
import type { useRule } from './useRule';

// The conditions of a rule, built by clicking, each with its counts. Of a rule that has none, `empty` says what it means.
export function Clicked({ rule, countedAt, empty = 'ruleEmpty' }: { rule: ReturnType<typeof useRule>; empty?: 'ruleEmpty' | 'ruleUnwritten' } & Pick<ReturnType<typeof useCounts>, 'countedAt'>) {
  const t = useTexts(texts);
  const reading = rule.edited === 'text' && rule.text.trim() !== '' && rule.good === undefined && !rule.fault && rule.problem === undefined; // the first time
  if (reading) return <Waiting rows={5} />;
  return (
    <>
      {membersOf(rule.root).length === 0 && <Nothing what={t(rule.fault ? 'ruleWrong' : empty)} />}
      <GroupEditor root={rule.root} group={rule.root} place={[]} countedAt={countedAt} onChange={rule.setRoot} />
    </>
  );
}
