import { TagsOutlined } from '@ant-design/icons';
import type { Page } from '../../lib/page';
import { texts } from './texts';

export const pages: Page[] = [
  { path: '/tags', right: 'tags.view', title: { texts, key: 'title' }, icon: <TagsOutlined />, load: () => import('./TagsPage') },
  { path: '/tags/quality', right: 'tags.view', title: { texts, key: 'quality' }, hidden: true, load: () => import('./QualityPage') },
  { path: '/tags/deliveries', right: 'tags.view', whole: true, title: { texts, key: 'deliveries' }, hidden: true, load: () => import('./DeliveriesPage') },
  { path: '/tags/new', right: 'tags.change', whole: true, title: { texts, key: 'newTag' }, hidden: true, load: () => import('./TagEditPage') },
  { path: '/tags/:id/edit', right: 'tags.change', whole: true, title: { texts, key: 'title' }, hidden: true, load: () => import('./TagEditPage') },
  { path: '/tags/:id', right: 'tags.view', title: { texts, key: 'title' }, hidden: true, load: () => import('./TagPage') },
];
