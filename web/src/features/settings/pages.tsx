import type { Page } from '../../lib/page';
import { texts } from './texts';

export const pages: Page[] = [
  { path: '/settings/users', group: 'settings', right: 'users.view', title: { texts, key: 'users' }, load: () => import('./UsersPage') },
  { path: '/settings/roles', group: 'settings', right: 'roles.view', title: { texts, key: 'rolesTitle' }, load: () => import('./RolesPage') },
  { path: '/settings/organisations', group: 'settings', right: 'organisations.view', title: { texts, key: 'organisations' }, load: () => import('./OrganisationsPage') },
  { path: '/settings/flows', group: 'settings', right: 'roles.view', whole: true, title: { texts, key: 'flows' }, load: () => import('./FlowsPage') },
  { path: '/settings/keys', group: 'settings', right: 'keys.view', title: { texts, key: 'keys' }, load: () => import('./KeysPage') },
  { path: '/settings/health', group: 'settings', right: 'server.view', title: { texts, key: 'health' }, load: () => import('./HealthPage') },
  { path: '/settings/audit', group: 'settings', right: 'audit.view', title: { texts, key: 'audit' }, load: () => import('./AuditPage') },
];
