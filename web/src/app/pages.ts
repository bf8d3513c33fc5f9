import type { Page } from '../lib/page';
import { page as home } from '../features/home/page';
import { pages as data } from '../features/data/pages';
import { page as customers } from '../features/customers/page';
import { pages as analysis } from '../features/analysis/pages';
import { pages as settings } from '../features/settings/pages';

// In the order of the loop.
export const pages: Page[] = [home, ...data, customers, ...analysis, ...settings];
