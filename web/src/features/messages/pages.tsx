import type { Page } from '../../lib/page';
import { texts } from './texts';

export const pages: Page[] = [
  { path: '/messages/policy', group: 'journeys', right: 'journeys.view', whole: true, title: { texts, key: 'policy' }, load: () => import('./PolicyPage') },
  { path: '/messages/consent', group: 'journeys', right: 'journeys.view', title: { texts, key: 'consent' }, load: () => import('./ConsentPage') },
];
