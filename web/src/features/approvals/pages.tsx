import type { Page } from '../../lib/page';
import { texts } from './texts';

export const pages: Page[] = [{ path: '/approvals', group: 'journeys', right: 'journeys.view', whole: true, title: { texts, key: 'title' }, load: () => import('./ApprovalsPage') }];
