// @vitest-environment jsdom
import { journeyName, namedIn } from './label';

test.each([
  [{ name: '周报', name_en: 'Weekly' }, '周报', 'Weekly'],
  [{ name: '周报', name_en: '' }, '周报', '周报'],
  [{ name: '周报' }, '周报', '周报'],
])('%j is called by language', (of, zh, en) => expect([namedIn(of, 'zh'), namedIn(of, 'en')]).toEqual([zh, en]));

test.each([
  [{ id: 'payday', name: '发薪日', name_en: 'Payday' }, '发薪日', 'Payday'],
  [{ id: 'payday', name: '发薪日', name_en: '' }, '发薪日', '发薪日'],
  [{ id: 'payday', name_en: 'Payday' }, 'Payday', 'Payday'],
  [{ id: 'payday' }, 'payday', 'payday'],
])('the journey %j is called by language', (of, zh, en) => expect([journeyName(of, 'zh'), journeyName(of, 'en')]).toEqual([zh, en]));
