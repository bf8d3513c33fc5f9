import type { Page } from '../../lib/page';
import { texts } from './texts';

export const pages: Page[] = [
  { path: '/templates', group: 'journeys', right: 'journeys.view', title: { texts, key: 'templates' }, load: () => import('./TemplatesPage') },
  { path: '/templates/new', group: 'journeys', right: 'journeys.change', title: { texts, key: 'newTemplate' }, hidden: true, load: () => import('./TemplatePage') },
  { path: '/templates/:id', group: 'journeys', right: 'journeys.view', title: { texts, key: 'templates' }, hidden: true, load: () => import('./TemplatePage') },
  { path: '/channels', group: 'journeys', right: 'journeys.view', whole: true, title: { texts, key: 'channels' }, load: () => import('./ChannelsPage') },
  { path: '/channels/new', group: 'journeys', right: 'server.change', title: { texts, key: 'newChannel' }, hidden: true, load: () => import('./ChannelPage') },
  { path: '/channels/:name', group: 'journeys', right: 'journeys.view', whole: true, title: { texts, key: 'channels' }, hidden: true, load: () => import('./ChannelPage') },
];
