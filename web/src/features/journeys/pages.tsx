import type { Page } from '../../lib/page';
import { texts } from './texts';

export const pages: Page[] = [
  { path: '/journeys', group: 'journeys', right: 'journeys.view', title: { texts, key: 'title' }, load: () => import('./JourneysPage') },
  { path: '/journeys/new', right: 'journeys.change', whole: true, title: { texts, key: 'newTitle' }, hidden: true, load: () => import('./JourneyPage') },
  { path: '/journeys/messages', right: 'journeys.view', title: { texts, key: 'touchLog' }, hidden: true, load: () => import('./MessagesPage') },
  { path: '/journeys/templates', right: 'journeys.view', title: { texts, key: 'templates' }, hidden: true, load: () => import('./TemplatesPage') },
  { path: '/journeys/templates/:id', right: 'journeys.view', title: { texts, key: 'templates' }, hidden: true, load: () => import('./TemplatePage') },
  { path: '/journeys/:id', right: 'journeys.view', title: { texts, key: 'title' }, hidden: true, load: () => import('./JourneyPage') },
];
