import { defineTexts } from '../../lib/texts';

export const texts = defineTexts('analysis', {
  trends: '趋势', funnel: '漏斗', retention: '留存',
  trendsNote: '随时间变化的次数、人数和金额。点任意数字，查看背后的客户。', funnelNote: '客户按顺序走到哪一步，在哪一步离开。点任意柱子或数字，查看背后的客户。', retentionNote: '做过一件事的客户，之后回来了多少。点任意单元格，查看背后的客户。',
  run: '查询', cost: '将读取 {{size}}，{{rows}} 行', copyLink: '复制链接', linkCopied: '链接已复制', csv: '下载 CSV', stale: '条件已更改，尚未查询',
  measures: '指标', addMeasure: '添加指标', interval: '粒度', range: '时间', zone: '时区', who: '客户范围', by: '分组', compare: '对比', steps: '步骤', addStep: '添加步骤', window: '窗口期', order: '顺序', start: '起始行为', return: '回访行为', unit: '周期', periods: '期数', cohort: '人群', counted: '口径', top: '保留前 {{count}} 组',
  event: '事件', anyEvent: '任意事件', addCondition: '添加条件', addWho: '限定客户', remove: '移除', up: '上移', down: '下移', eventProperty: '事件属性', customerProperty: '客户属性', operator: '关系', property: '属性', byNone: '不分组',
  'op_=': '等于', 'op_!=': '不等于', op_in: '属于', 'op_not in': '不属于', op_contains: '包含', 'op_not contains': '不包含', 'op_starts with': '开头是', 'op_ends with': '结尾是', 'op_>': '大于', 'op_>=': '大于等于', 'op_<': '小于', 'op_<=': '小于等于', 'op_is set': '有值', 'op_is not set': '没有值', 'op_has any': '含任一', 'op_has all': '含全部', 'op_has none': '不含',
  m_count: '次数', m_uniques: '人数', m_per_user: '人均次数', m_sum: '总和', m_avg: '均值', m_median: '中位数', m_min: '最小值', m_max: '最大值', m_distinct: '去重数',
  i_hour: '小时', i_day: '天', i_week: '周', i_month: '月', u_day: '天', u_week: '周', u_month: '月',
  last: '近 {{count}} 天', custom: '自定义', today: '含今天', c_none: '不对比', c_previous: '上一周期', c_last_week: '上周', c_last_month: '上月', c_last_year: '去年',
  w_1h: '1 小时', w_1d: '1 天', w_7d: '7 天', w_14d: '14 天', w_30d: '30 天', w_same_day: '当天', o_ordered: '按顺序', o_strict: '紧接着', o_any: '任意顺序',
  k_recurring: '每期做过的', k_first_time: '首次做的', n_on: '当期回来', n_on_or_after: '当期及以后', n_streak: '连续回来',
  everyone: '全部', other: '其他', none: '（无值）', total: '合计', earlier: '对比期', group: '分组', lost: '流失 {{count}}', reached: '到达 {{count}}', medianTime: '中位用时 {{time}}', p90: '九成在 {{time}} 内', toConvert: '转化中位用时', halfTime: '中位用时', converted: '整体转化率', conversion: '整体转化',
  cohortDate: '起始', size: '人数', average: '加权平均', period0: '当{{unit}}', periodN: '第 {{n}} {{unit}}', open: '未完整', noEvents: '还没有事件可以分析。先从“数据源”发送第一条事件。', toSources: '查看接入方式', noneInRange: '这段时间里没有符合条件的数据。把时间放宽，或检查条件。', chart: '图表', seeCustomers: '查看客户', step: '步骤', emptyPlan: '没有事件',
}, {
  trends: 'Trends', funnel: 'Funnel', retention: 'Retention',
  trendsNote: 'Counts, customers and amounts over time. Any number opens the customers behind it.', funnelNote: 'How far customers get, in order, and where they leave. Any bar or number opens the customers behind it.', retentionNote: 'How many who did one thing came back later. Any cell opens the customers behind it.',
  run: 'Ask', cost: 'will read {{size}}, {{rows}} rows', copyLink: 'Copy link', linkCopied: 'Link copied', csv: 'Download CSV', stale: 'Changed, not asked yet',
  measures: 'Measures', addMeasure: 'Add measure', interval: 'Interval', range: 'Range', zone: 'Time zone', who: 'Who', by: 'Break down', compare: 'Compare', steps: 'Steps', addStep: 'Add step', window: 'Window', order: 'Order', start: 'Did first', return: 'Came back', unit: 'Unit', periods: 'Periods', cohort: 'Cohort', counted: 'Counted', top: 'top {{count}} groups',
  event: 'Event', anyEvent: 'Any event', addCondition: 'Add condition', addWho: 'Limit customers', remove: 'Remove', up: 'Move up', down: 'Move down', eventProperty: 'Of the event', customerProperty: 'Of the customer', operator: 'Relation', property: 'Property', byNone: 'No breakdown',
  'op_=': 'is', 'op_!=': 'is not', op_in: 'is one of', 'op_not in': 'is none of', op_contains: 'contains', 'op_not contains': 'does not contain', 'op_starts with': 'starts with', 'op_ends with': 'ends with', 'op_>': 'more than', 'op_>=': 'at least', 'op_<': 'less than', 'op_<=': 'at most', 'op_is set': 'is set', 'op_is not set': 'is not set', 'op_has any': 'has any of', 'op_has all': 'has all of', 'op_has none': 'has none of',
  m_count: 'count', m_uniques: 'customers', m_per_user: 'per customer', m_sum: 'sum', m_avg: 'average', m_median: 'median', m_min: 'least', m_max: 'most', m_distinct: 'distinct values',
  i_hour: 'Hour', i_day: 'Day', i_week: 'Week', i_month: 'Month', u_day: 'day', u_week: 'week', u_month: 'month',
  last: 'Last {{count}} days', custom: 'Custom', today: 'with today', c_none: 'No comparison', c_previous: 'Period before', c_last_week: 'Last week', c_last_month: 'Last month', c_last_year: 'Last year',
  w_1h: '1 hour', w_1d: '1 day', w_7d: '7 days', w_14d: '14 days', w_30d: '30 days', w_same_day: 'Same day', o_ordered: 'In order', o_strict: 'Back to back', o_any: 'Any order',
  k_recurring: 'did it in the period', k_first_time: 'did it for the first time', n_on: 'in the period', n_on_or_after: 'then or later', n_streak: 'every period',
  everyone: 'Everyone', other: 'Others', none: '(no value)', total: 'Total', earlier: 'before', group: 'Group', lost: '{{count}} lost', reached: '{{count}} reached', medianTime: 'half within {{time}}', p90: '90% within {{time}}', toConvert: 'median time to convert', halfTime: 'Median', converted: 'converted', conversion: 'Conversion',
  cohortDate: 'Began', size: 'Size', average: 'Average', period0: 'same {{unit}}', periodN: '{{unit}} {{n}}', open: 'not over yet', noEvents: 'There are no events to analyse. Send a first one: see Sources.', toSources: 'How to send', noneInRange: 'Nothing fits in this range. Widen it, or look at the conditions.', chart: 'Chart', seeCustomers: 'See the customers', step: 'Step', emptyPlan: 'No events',
});
export type AnalysisKey = keyof (typeof texts)['zh'];
