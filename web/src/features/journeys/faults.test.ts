import { faultWord } from './faults';

test.each<[string, Record<string, string>, string, string?]>([
  ['out_of_range', { least: '1', most: '31' }, '请填写 1 到 31 的整数'],
  ['out_of_range', { least_percent: '0', most_percent: '100' }, '请填写 0 到 100 的百分比'],
  ['out_of_range', {}, '数值超出范围'],
  ['ratio_sum', { sum: '90' }, '各分支比例合计为 90，应为 100'],
  ['ratio_sum', { sum_over: '110.5' }, '各分支比例合计为 110.5，不能超过 100'],
  ['unknown_node', { given: 'x' }, '没有“x”这个节点'],
  ['unknown_node', { given: '$& {most}' }, '没有“$& {most}”这个节点'],
  ['unknown_value', { given: 'sometimes', choices: 'once, day, week' }, '没有“sometimes”这个选项，可选：once, day, week'],
  ['bad_time', { given: '25:00', example: '09:00' }, '“25:00”不是时间，写法如 09:00'],
  ['bad_duration', { given: '1x' }, '“1x”不是时长，写法如 30s、15m、24h、1d、2w、3mo'],
  ['bad_list', { most: '20' }, '请给出不超过 20 项的列表'],
  ['bad_schedule', { part: 'day of month', given: '32' }, 'cron 的日“32”不对', '日“32”不对'],
  ['bad_schedule', {}, 'cron 表达式依次是分、时、日、月、周，如 0 9,15 * * 1-5'],
  ['too_frequent', { minutes: '1', least: '5' }, '两次运行只隔 1 分钟，至少要隔 5 分钟；要更快，请改用“进入实时客群”作入口'],
  ['bad_condition', { given: 'birthdy' }, '条件第 1 行第 5 列：没有客户属性“birthdy”', '第 1 行第 5 列：没有客户属性“birthdy”'],
  ['bad_condition', {}, '条件有误：in English'],
  ['new_code', {}, 'in English'],
  ['new_code', {}, '新的', '新的'],
])('%s is said in Chinese with its values: %j', (code, values, words, zh?: string) => {
  const fault = { node: '', field: '', code, message: 'in English', message_zh: zh, warning: false, values };
  expect(faultWord(fault, 'zh')).toBe(words);
  expect(faultWord(fault, 'en')).toBe('in English');
});
