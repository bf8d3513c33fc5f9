import { BranchesOutlined } from '@ant-design/icons';
import { Input } from 'antd';
import { useTexts } from '../../../lib/texts';
import { BranchesField } from '../fields';
import { texts } from '../texts';
import { kind, type EditorProps } from './kind';

function Editor({ node, onChange }: EditorProps) {
  const t = useTexts(texts);
  return (
    <BranchesField branches={node.branches} make={{ when: '' }} onChange={(branches, renamed) => onChange({ branches }, renamed)}>
      {(branch, set) => <Input.TextArea aria-label={t('condition')} className="code" placeholder="vip >= 1" rows={2} value={branch.when ?? ''} onChange={(event) => set({ when: event.target.value })} />}
    </BranchesField>
  );
}

export const split = kind({ kind: 'split', icon: <BranchesOutlined />, group: 'split', initial: { branches: [{ outcome: 'a', when: '' }] }, Editor, summary: (node, { t }) => t('sayBranches', { count: (node.branches?.length ?? 0) + 1 }) });
