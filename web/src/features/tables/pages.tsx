import type { Page } from '../../lib/page';
import { texts } from './texts';

export const pages: Page[] = [
  { path: '/data/tables', group: 'data', right: 'plan.view', whole: true, title: { texts, key: 'title' }, load: () => import('./TablesPage') },
  { path: '/data/tables/:id', group: 'data', right: 'plan.view', whole: true, title: { texts, key: 'title' }, hidden: true, load: () => import('./TablePage') },
];
