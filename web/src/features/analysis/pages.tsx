import type { Page } from '../../lib/page';
import { texts } from './texts';

export const pages: Page[] = [
  { path: '/analysis/trends', group: 'analysis', right: 'questions.view', title: { texts, key: 'trends' }, load: () => import('./TrendsPage') },
  { path: '/analysis/funnel', group: 'analysis', right: 'questions.view', title: { texts, key: 'funnel' }, load: () => import('./FunnelPage') },
  { path: '/analysis/retention', group: 'analysis', right: 'questions.view', title: { texts, key: 'retention' }, load: () => import('./RetentionPage') },
];
