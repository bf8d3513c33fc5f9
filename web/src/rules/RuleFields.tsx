import { useEffect } from 'react';
import { useTexts } from '../lib/texts';
import { ProblemNote } from '../ui/ProblemNote';
import { bareRule } from './core/rule';
import { Clicked } from './Clicked';
import { EqlEditor } from './EqlEditor';
import { texts } from './texts';
import { useCounts } from './useCounts';
import { useRule } from './useRule';

// A rule that is part of a form: clicked together, and below as text. Tells every change of the text. One without
// conditions is not written yet, and never everyone.
export function RuleFields({ label, eql, onChange }: { label: string; eql: string; onChange: (eql: string) => void }) {
  const t = useTexts(texts);
  const rule = useRule(eql);
  const { countedAt } = useCounts(rule);
  const text = rule.edited === 'tree' ? bareRule(rule.text) : rule.text;
  useEffect(() => {
    if (text !== eql) onChange(text);
  }, [text]); // eslint-disable-line react-hooks/exhaustive-deps
  return (
    <div className="rule rule-fields" role="group" aria-label={label}>
      <Clicked rule={rule} countedAt={countedAt} empty="ruleUnwritten" />
      <EqlEditor text={text} fault={rule.fault} onChange={rule.setText} />
      {rule.problem !== undefined && <ProblemNote error={rule.problem} />}
      <p className="quiet">{t('eqlHint')}</p>
    </div>
  );
}
