// @vitest-environment jsdom
import { namedIn } from './label';

test.each([
  [{ name: '周报', name_en: 'Weekly' }, '周报', 'Weekly'],
  [{ name: '周报', name_en: '' }, '周报', '周报'],
  [{ name: '周报' }, '周报', '周报'],
])('%j is called by language', (of, zh, en) => expect([namedIn(of, 'zh'), namedIn(of, 'en')]).toEqual([zh, en]));
