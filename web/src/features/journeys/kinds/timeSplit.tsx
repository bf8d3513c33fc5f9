import { ScheduleOutlined } from '@ant-design/icons';
import { kind, type EditorProps } from './kind';
import { sayWindows, WindowsField, type Window } from './windows';

const Editor = ({ node, onChange }: EditorProps) => <WindowsField of="windows" windows={node['windows'] as Window[]} onChange={(windows) => onChange({ windows })} />;

export const timeSplit = kind({ kind: 'time_split', icon: <ScheduleOutlined />, group: 'split', initial: { windows: [{ from: '09:00', to: '21:00' }] }, Editor, summary: (node, saying) => sayWindows(node['windows'] as Window[], saying) });
