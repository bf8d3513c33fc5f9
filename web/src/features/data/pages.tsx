import type { Page } from '../../lib/page';
import { texts } from './texts';

export const pages: Page[] = [
  { path: '/data/live', group: 'data', right: 'events.view', title: { texts, key: 'live' }, load: () => import('./LivePage') },
  { path: '/data/plan', group: 'data', right: 'plan.view', title: { texts, key: 'plan' }, load: () => import('./PlanPage') },
  { path: '/data/quarantine', group: 'data', right: 'events.view', whole: true, title: { texts, key: 'quarantine' }, load: () => import('./QuarantinePage') },
  { path: '/data/sources', group: 'data', right: 'sources.view', title: { texts, key: 'sources' }, load: () => import('./SourcesPage') },
];
