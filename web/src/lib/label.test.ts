// @vitest-environment jsdom
import { albumName, categoryName, journeyName, namedIn } from './label';

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

const kCategories = [{ name: '价值', name_en: 'Value' }, { name: '价值/资产' }, { name: '价值/资产/层级', name_en: 'Tier' }];
test.each([
  ['价值/资产/层级', '价值/资产/层级', 'Value/资产/Tier'],
  ['价值', '价值', 'Value'],
  ['别处', '别处', '别处'],
])('the category %s is called by language, step by step', (path, zh, en) => expect([categoryName(path, kCategories, 'zh'), categoryName(path, kCategories, 'en')]).toEqual([zh, en]));

test('an album is called by language, whole', () => {
  const albums = [{ name: '新客/百日', name_en: 'First days' }];
  expect([albumName('新客/百日', albums, 'zh'), albumName('新客/百日', albums, 'en'), albumName('高净值', albums, 'en')]).toEqual(['新客/百日', 'First days', '高净值']);
});
