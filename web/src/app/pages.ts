import type { Page } from '../lib/page';
import { page as home } from '../features/home/page';
import { pages as data } from '../features/data/pages';
import { pages as identity } from '../features/identity/pages';
import { pages as tables } from '../features/tables/pages';
import { pages as customers } from '../features/customers/pages';
import { pages as tags } from '../features/tags/pages';
import { pages as segments } from '../features/segments/pages';
import { pages as journeys } from '../features/journeys/pages';
import { pages as channels } from '../features/channels/pages';
import { pages as messages } from '../features/messages/pages';
import { pages as tasks } from '../features/tasks/pages';
import { pages as approvals } from '../features/approvals/pages';
import { pages as analysis } from '../features/analysis/pages';
import { pages as settings } from '../features/settings/pages';

// In the order of the loop.
export const pages: Page[] = [home, ...tasks, ...data, ...tables, ...identity, ...customers, ...tags, ...segments, ...journeys, ...channels, ...messages, ...approvals, ...analysis, ...settings];
