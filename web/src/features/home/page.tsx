import { HomeOutlined } from '@ant-design/icons';
import type { Page } from '../../lib/page';
import { texts } from './texts';

export const page: Page = { path: '/', title: { texts, key: 'title' }, icon: <HomeOutlined />, load: () => import('./HomePage') };
