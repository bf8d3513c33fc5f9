import { PercentageOutlined } from '@ant-design/icons';
import { InputNumber } from 'antd';
import { useTexts } from '../../../lib/texts';
import { BranchesField, ChoiceField, words } from '../fields';
import { texts } from '../texts';
import { kind, type EditorProps } from './kind';

function Editor({ node, onChange }: EditorProps) {
  const t = useTexts(texts);
  return (
    <>
      <BranchesField branches={node.branches} make={{ percent: 0 }} onChange={(branches, renamed) => onChange({ branches }, renamed)}>
        {(branch, set) => <InputNumber aria-label={t('share')} min={0} max={100} suffix="%" value={branch.percent} onChange={(percent) => set({ percent: percent ?? 0 })} />}
      </BranchesField>
      <ChoiceField label={t('draw')} of="mode" value={node['mode'] ?? 'sticky'} options={words(t, 'draw', ['sticky', 'random'])} onChange={(mode) => onChange({ mode })} />
    </>
  );
}

export const ratio = kind({
  kind: 'ratio', icon: <PercentageOutlined />, group: 'split', initial: { branches: [{ outcome: 'a', percent: 50 }, { outcome: 'b', percent: 50 }] }, Editor,
  summary: (node) => (node.branches ?? []).map(({ outcome, percent }) => `${outcome} ${percent ?? 0}%`).join(' · '),
});
