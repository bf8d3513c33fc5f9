import { ExperimentOutlined } from '@ant-design/icons';
import { InputNumber } from 'antd';
import { useTexts } from '../../../lib/texts';
import type { Happening } from '../core/definition';
import { BranchesField, DurationField, HappeningField, NumberField } from '../fields';
import { texts } from '../texts';
import { kind, type EditorProps } from './kind';
import { sayDuration } from './say';

function Editor({ node, onChange }: EditorProps) {
  const t = useTexts(texts);
  return (
    <>
      <BranchesField branches={node.branches} make={{ percent: 10 }} onChange={(branches, renamed) => onChange({ branches }, renamed)}>
        {(branch, set) => <InputNumber aria-label={t('share')} min={0} max={100} suffix="%" value={branch.percent} onChange={(percent) => set({ percent: percent ?? 0 })} />}
      </BranchesField>
      <DurationField label={t('lasts')} of="lasts" value={node['lasts']} onChange={(lasts) => onChange({ lasts })} />
      <HappeningField label={t('metric')} of="metric" value={node['metric'] as Happening | undefined} onChange={(metric) => onChange({ metric: metric === '' ? undefined : metric })} />
      <NumberField label={t('minSample')} of="min_sample" min={1} value={node['min_sample']} onChange={(value) => onChange({ min_sample: value })} />
    </>
  );
}

export const experiment = kind({
  kind: 'experiment', icon: <ExperimentOutlined />, group: 'split', initial: { branches: [{ outcome: 'a', percent: 10 }, { outcome: 'b', percent: 10 }], lasts: '1d' }, Editor,
  summary: (node, saying) => `${(node.branches ?? []).map(({ outcome, percent }) => `${outcome} ${percent ?? 0}%`).join(' · ')} · ${sayDuration(node['lasts'], saying)}`,
});
