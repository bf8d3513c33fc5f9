import type { Page } from '../../lib/page';
import { texts } from './texts';

export const pages: Page[] = [{ path: '/data/identity', group: 'data', right: 'plan.view', whole: true, title: { texts, key: 'title' }, load: () => import('./IdentityPage') }];
