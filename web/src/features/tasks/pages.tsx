import { CheckSquareOutlined } from '@ant-design/icons';
import type { Page } from '../../lib/page';
import { texts } from './texts';

export const pages: Page[] = [{ path: '/tasks', right: 'tasks.view', title: { texts, key: 'title' }, icon: <CheckSquareOutlined />, load: () => import('./TasksPage') }];
