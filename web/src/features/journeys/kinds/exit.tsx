import { LogoutOutlined } from '@ant-design/icons';
import { kind } from './kind';

export const exit = kind({ kind: 'exit', icon: <LogoutOutlined />, group: 'end', summary: () => '' });
