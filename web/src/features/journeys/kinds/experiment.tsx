import { ExperimentOutlined } from '@ant-design/icons';
import { InputNumber } from 'antd';
import { useTexts } from '../../../lib/texts';
import type { Branch, Happening } from '../core/definition';
import { BranchesField, ChoiceField, DurationField, HappeningField, NumberField, words } from '../fields';
import { texts } from '../texts';
import { kind, type EditorProps } from './kind';
import { sayDuration } from './say';

// Where all go when none wins is a branch: it goes by its new name, and goes with it.
function kept(outcome: unknown, branches: Branch[], [before, after]: [string?, string?] = []): unknown {
  const now = outcome === before ? after : outcome;
  return branches.some((branch) => branch.outcome === now) ? now : undefined;
}

function Editor({ node, onChange }: EditorProps) {
  const t = useTexts(texts);
  return (
    <>
      <BranchesField branches={node.branches} make={{ percent: 10 }} onChange={(branches, renamed) => onChange({ branches, no_winner: kept(node['no_winner'], branches, renamed) }, renamed)}>
        {(branch, set) => <InputNumber aria-label={t('share')} min={0} max={100} suffix="%" value={branch.percent} onChange={(percent) => set({ percent: percent ?? 0 })} />}
      </BranchesField>
      <DurationField label={t('lasts')} of="lasts" value={node['lasts']} onChange={(lasts) => onChange({ lasts })} />
      <HappeningField optional label={t('metric')} of="metric"value={node['metric'] as Happening | undefined} onChange={(metric) => onChange({ metric: metric === '' ? undefined : metric })} />
      <NumberField label={t('minSample')} of="min_sample" min={1} value={node['min_sample']} onChange={(value) => onChange({ min_sample: value })} />
      <ChoiceField label={t('trialTest')} of="test" value={node['test'] ?? 'two_proportions'} options={words(t, 'trialTest', ['two_proportions', 'bayesian'])} onChange={(test) => onChange({ test })} />
      <ChoiceField label={t('trialWinner')} of="winner" value={node['winner'] ?? 'auto'} options={words(t, 'trialWinner', ['auto', 'manual'])} onChange={(winner) => onChange({ winner })} />
      <ChoiceField label={t('noWinner')} of="no_winner" value={node['no_winner'] ?? node.branches?.[0]?.outcome} options={Object.fromEntries((node.branches ?? []).map(({ outcome }) => [outcome, outcome]))} onChange={(value) => onChange({ no_winner: value })} />
    </>
  );
}

export const experiment = kind({
  kind: 'experiment', icon: <ExperimentOutlined />, group: 'split', initial: { branches: [{ outcome: 'a', percent: 10 }, { outcome: 'b', percent: 10 }], lasts: '1d' }, Editor,
  summary: (node, saying) => `${(node.branches ?? []).map(({ outcome, percent }) => `${outcome} ${percent ?? 0}%`).join(' · ')} · ${sayDuration(node['lasts'], saying)}`,
});
