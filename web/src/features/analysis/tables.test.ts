// @vitest-environment jsdom
import type { Language } from '../../lib/texts';
import { firstFunnel, firstRetention, firstTrends } from './core/question';
import { funnelTable, portraitTable, retentionTable, trendsTable } from './tables';
import { texts, type AnalysisKey } from './texts';
import type { Words } from './useWords';

const kNames: Record<string, Record<Language, string>> = { pay: { zh: '支付', en: 'Payment' }, city: { zh: '城市', en: 'City' } };
const kTrends = { ...firstTrends('UTC'), measures: [{ name: 'm1', of: 'pay', measure: 'uniques' as const }] };

function wordsIn(language: Language): Words {
  const name = (of: string) => kNames[of]?.[language] ?? of;
  const t = (key: AnalysisKey, values: Record<string, string | number> = {}) => texts[language][key].replace(/{{(\w+)}}/g, (_, place: string) => String(values[place]));
  return { t, language, names: { events: [], properties: [], event: name, property: name, type: () => undefined } };
}

const step = (name: string, count: number, rate = 1) => ({ name, count, from_first: rate, from_previous: rate });
const kFunnel = { everyone: { steps: [step('pay', 12_345), step('b', 1, 0.5)] } };

test.each([['zh', ['1. 支付', '2. b', '整体转化']], ['en', ['1. Payment', '2. b', 'Conversion']]] as const)('the headings of a funnel in %s are what the page calls its steps', (language, headings) =>
  expect(funnelTable(kFunnel, firstFunnel([], 'UTC'), wordsIn(language))).toEqual([headings, [12_345, 1, 0.5]]));

test('a row for each group, under the name of what it is grouped by', () =>
  expect(funnelTable({ ...kFunnel, groups: [{ by: ['app', null, true, '$other'], steps: [step('pay', 2)] }] }, { ...firstFunnel([], 'UTC'), by: [{ customer: 'city' }, 'pay', 'x', 'y'] }, wordsIn('zh')))
    .toEqual([['城市', '支付', 'x', 'y', '1. 支付', '2. b', '整体转化'], ['app', '（无值）', '是', '其他', 2, 1]]));

test('trends name their measures and keep days as they are', () =>
  expect(trendsTable({ interval: 'day', buckets: [{ from: '2026-03-01', complete: true }, { from: '2026-03-02', complete: true }], everyone: { measures: { m1: { total: 3, buckets: [1, null] } } } }, kTrends, wordsIn('en')))
    .toEqual([['Measures', 'Total', '2026-03-01', '2026-03-02'], ['Payment · customers', 3, 1, null]]));

test('retention names its periods', () => {
  const cell = { count: 4, rate: 0.4, complete: true };
  expect(retentionTable({ unit: 'day', columns: [[0, 0], [3, 3], [1, 7]], everyone: { cohorts: [{ from: '2026-03-01', size: 9, cells: [cell, cell, cell] }], average: [] } }, firstRetention([], 'UTC'), wordsIn('zh')))
    .toEqual([['起始', '人数', '当天', '第 3 天', '1–7'], ['2026-03-01', 9, 4, 4, 4]]);
});

test('a portrait names fields, groups and values', () => {
  const group = { name: 'vip', count: 1, share: 1, values_at: '', shared: [1], most_telling: [] };
  const cell = { count: 40, share: 0.4, base: 50, base_share: 0.2, tgi: 200, low: 150, high: 260, q: 0.01 };
  const names = { field: () => '城市', group: () => '高端', value: () => '≥ 1' };
  expect(portraitTable({ base: { count: 2 }, groups: [group], fields: [{ customer: 'city', known: [1], gain: [0], psi: [null], rows: [{ value: { from: 1 }, groups: [cell] }] }], crosses: [] }, { ask: 'portrait', groups: [{ name: 'vip', who: { eql: '' } }] }, names, wordsIn('zh')))
    .toEqual([['属性或标签', '取值', '高端 人数', '高端 占比', '高端 对比人群占比', '高端 TGI', '高端 TGI 95% 下限', '高端 TGI 95% 上限', '高端 校正后 q'], ['城市', '≥ 1', 40, 0.4, 0.2, 200, 150, 260, 0.01]]);
});
