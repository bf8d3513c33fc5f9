import type { Page } from '../../lib/page';
import { texts } from './texts';

export const pages: Page[] = [{ path: '/settings/audit', group: 'settings', right: 'audit.view', title: { texts, key: 'audit' }, load: () => import('./AuditPage') }];
