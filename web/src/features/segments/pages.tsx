import { ClusterOutlined } from '@ant-design/icons';
import type { Page } from '../../lib/page';
import { texts } from './texts';

export const pages: Page[] = [
  { path: '/segments', right: 'segments.view', title: { texts, key: 'title' }, icon: <ClusterOutlined />, load: () => import('./SegmentsPage') },
  { path: '/segments/new', right: 'segments.change', whole: true, title: { texts, key: 'newTitle' }, hidden: true, load: () => import('./EditPage') },
  { path: '/segments/overlap', right: 'segments.view', title: { texts, key: 'overlap' }, hidden: true, load: () => import('./OverlapPage') },
  { path: '/segments/:id', right: 'segments.view', title: { texts, key: 'title' }, hidden: true, load: () => import('./SegmentPage') },
  { path: '/segments/:id/edit', right: 'segments.change', whole: true, title: { texts, key: 'title' }, hidden: true, load: () => import('./EditPage') },
];
