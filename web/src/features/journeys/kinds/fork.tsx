import { ForkOutlined } from '@ant-design/icons';
import { BranchesField } from '../fields';
import { kind, type EditorProps } from './kind';

const Editor = ({ node, onChange }: EditorProps) => <BranchesField branches={node.branches} make={{}} onChange={(branches, renamed) => onChange({ branches }, renamed)} />;

export const fork = kind({ kind: 'fork', icon: <ForkOutlined />, group: 'split', initial: { branches: [{ outcome: 'a' }, { outcome: 'b' }] }, Editor, summary: (node, { t }) => t('sayAtOnce', { count: node.branches?.length ?? 0 }) });
