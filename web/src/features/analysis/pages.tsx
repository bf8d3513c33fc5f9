import type { Page } from '../../lib/page';
import { texts } from './texts';

const page = (path: string, key: Page['title']['key'], load: Page['load'], hidden?: boolean): Page => ({ path: `/analysis/${path}`, group: 'analysis', right: 'questions.view', title: { texts, key }, load, hidden });

export const pages: Page[] = [
  page('dashboards', 'dashboards', () => import('./DashboardsPage')),
  page('dashboards/:id', 'dashboards', () => import('./DashboardPage'), true),
  page('saved', 'saved', () => import('./SavedPage')),
  page('trends', 'trends', () => import('./TrendsPage')),
  page('funnel', 'funnel', () => import('./FunnelPage')),
  page('retention', 'retention', () => import('./RetentionPage')),
  page('portrait', 'portrait', () => import('./PortraitPage')),
];
