import { ImportOutlined } from '@ant-design/icons';
import { kind } from './kind';

// What it holds stands at the journey itself: panels/EntryEditor.tsx.
export const entry = kind({ kind: 'entry', icon: <ImportOutlined />, group: 'enter', summary: () => '' });
