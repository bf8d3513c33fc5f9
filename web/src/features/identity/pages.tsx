import type { Page } from '../../lib/page';
import { texts } from './texts';

export const pages: Page[] = [{ path: '/data/identity', group: 'data', right: 'plan.view', title: { texts, key: 'title' }, load: () => import('./IdentityPage') }];
