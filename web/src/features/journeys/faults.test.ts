import { faultWord } from './faults';

// As the server says them: src/journeys, src/base/cron.cc.
test.each([
  ['out_of_range', 'give a whole number from 1 to 31', '请填写 1 到 31 的整数'],
  ['out_of_range', 'give a percentage from 0 to 100', '请填写 0 到 100 的百分比'],
  ['out_of_range', 'give something else', '数值超出范围'],
  ['ratio_sum', 'the percentages add up to 90, not 100', '各分支比例合计为 90，应为 100'],
  ['ratio_sum', 'the percentages add up to 110.5, over 100', '各分支比例合计为 110.5，不能超过 100'],
  ['unknown_node', "there is no node 'x'", '没有“x”这个节点'],
  ['unknown_type', "there is no node type 'leap'", '没有“leap”这种节点'],
  ['unknown_zone', "there is no time zone 'Mars/Base'", '没有“Mars/Base”这个时区'],
  ['unknown_outcome', "the node has no outcome 'maybe'", '这个节点没有“maybe”这条出路'],
  ['unknown_value', "there is no 'sometimes'; use one of: once, day, week", '没有“sometimes”这个选项，可选：once, day, week'],
  ['bad_time', "'25:00' is no time of day; write 09:00", '“25:00”不是时刻，写法如 09:00'],
  ['bad_duration', "'1x' is no duration; write 30s, 15m or 24h, or 1d, 2w, 3mo for local days", '“1x”不是时长，写法如 30s、15m、24h、1d、2w、3mo'],
  ['bad_date', "'2026-13-01' is no date; write 2026-03-02", '“2026-13-01”不是日期，写法如 2026-03-02'],
  ['bad_list', 'give a list of at most 20 objects', '请给出不超过 20 项的列表'],
  ['bad_schedule', "day of month: '32' is none; give *, numbers from 1 to 31, ranges as 1-5, lists as 1,3 and steps as */15", 'cron 的日“32”不对：可写 *、1 到 31 的数、范围 1-5、列表 1,3 和步长 */15'],
  ['bad_schedule', 'give five fields: minute, hour, day of month, month, day of week, as "30 2 * * *"', 'cron 表达式依次是分、时、日、月、周，如 0 9,15 * * 1-5'],
  ['bad_condition', "line 1, column 5: there is no field 'birthdy', did you mean 'birthday'?", "条件第 1 行第 5 列有误：there is no field 'birthdy', did you mean 'birthday'?"],
  ['new_code', 'what the server says', 'what the server says'],
])('%s is said in Chinese with its values: %s', (code, message, words) => {
  const fault = { node: '', field: '', code, message, warning: false };
  expect(faultWord(fault, 'zh')).toBe(words);
  expect(faultWord(fault, 'en')).toBe(message);
});
