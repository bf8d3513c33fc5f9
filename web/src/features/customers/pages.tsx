import { TeamOutlined } from '@ant-design/icons';
import type { Page } from '../../lib/page';
import { texts } from './texts';

export const pages: Page[] = [
  { path: '/customers', right: 'customers.view', title: { texts, key: 'title' }, icon: <TeamOutlined />, load: () => import('./CustomersPage') },
  { path: '/customers/:key/:value', right: 'customers.view', title: { texts, key: 'title' }, hidden: true, load: () => import('./CustomerPage') },
];
