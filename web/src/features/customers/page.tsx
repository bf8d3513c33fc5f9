import { TeamOutlined } from '@ant-design/icons';
import type { Page } from '../../lib/page';
import { texts } from './texts';

export const page: Page = { path: '/customers', right: 'customers.view', title: { texts, key: 'title' }, icon: <TeamOutlined />, load: () => import('./CustomersPage') };
