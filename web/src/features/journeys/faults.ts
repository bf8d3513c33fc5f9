import type { JourneyCheck } from '../../api/schema';

export type Fault = JourneyCheck['faults'][number];

// By the node they stand at; "" is the journey itself.
export function byNode(faults: Fault[]): Map<string, Fault[]> {
  const found = new Map<string, Fault[]>();
  for (const fault of faults) found.set(fault.node, [...(found.get(fault.node) ?? []), fault]);
  return found;
}

// In Chinese by what kind of fault it is.
const kWords: Record<string, string> = {
  missing: '需要填写', unknown_field: '没有这个字段', unknown_type: '没有这种节点', unknown_value: '没有这个选项', unknown_zone: '没有这个时区',
  unknown_node: '没有这个节点', unknown_outcome: '这个节点没有这条出路', duplicate_node: '节点编号重复', duplicate_edge: '同一条出路连了两次', duplicate_outcome: '分支名称重复',
  duplicate_attribute: '属性重复', unknown_attribute: '没有这个客户属性', not_date: '这个属性不是日期', unknown_year: '那一年的工作日还没有导入，请在消息规则里补充日历', bad_id: '编号只能用小写字母、数字、下划线和连字符', not_followed: '这个条件的变化无法跟踪，请换成属性、实时客群或标签',
  bad_duration: '时长写法如 30s、15m、24h、1d、2w、3mo', bad_time: '时间写法如 09:00', bad_schedule: 'cron 表达式依次是分、时、日、月、周，如 0 9,15 * * 1-5', bad_date: '日期写法如 2026-03-02', bad_window: '时间窗有误', never_opens: '开始和结束相同，永远不会打开',
  bad_weekdays: '请选择星期', bad_list: '列表有误，或超过数量上限', bad_wait: '这里的等待方式不对', bad_calendar: '日历有误', not_text: '请填写文本', not_flag: '请选择是或否', not_event: '请选择事件',
  not_object: '请填写内容', out_of_range: '数值超出范围', ratio_sum: '各分支比例合计不对', loop_without_limit: '有回路却没有限定次数的循环节点', join_without_fork: '汇合之前没有并行', join_of_two_forks: '几个并行的分支在这里汇合，会各自通过一次；请让每个并行有自己的汇合',
  unreachable: '从入口到不了这个节点', dead_end: '后面没有连接，客户到这里就离开', one_entry: '旅程要有且只有一个入口', wait_exceeds_max_duration: '等待超过客户最长停留时间',
  ends_before_start: '结束时间早于开始时间', missing_goal: '请先在旅程设置里设定目标', missing_key: '请填写业务键属性', not_together: '这两个选项不能同时使用', no_effect: '这一项在这里不起作用，请去掉', too_frequent: '运行得太频繁', wave_order: '每个波次要排在前一个之后', unknown_list: '没有这个名单，请先上传', not_number: '请填写数字',
};
// The same with the values that the server gives with it: the first whose places it fills.
const kSaid: Record<string, string[]> = {
  out_of_range: ['请填写 {least} 到 {most} 的整数', '请填写 {least_percent} 到 {most_percent} 的百分比'],
  ratio_sum: ['各分支比例合计为 {sum}，应为 100', '各分支比例合计为 {sum_over}，不能超过 100'],
  unknown_node: ['没有“{given}”这个节点'], unknown_type: ['没有“{given}”这种节点'], unknown_zone: ['没有“{given}”这个时区'], unknown_outcome: ['这个节点没有“{given}”这条出路'],
  unknown_value: ['没有“{given}”这个选项，可选：{choices}'],
  bad_time: ['“{given}”不是时间，写法如 {example}'], bad_duration: ['“{given}”不是时长，写法如 30s、15m、24h、1d、2w、3mo'], bad_date: ['“{given}”不是日期，写法如 2026-03-02'],
  bad_list: ['请给出不超过 {most} 项的列表'],
  too_frequent: ['两次运行只隔 {minutes} 分钟，至少要隔 {least} 分钟；要更快，请改用“进入实时客群”作入口'],
};
// What the server's own Chinese words are about.
const kOf: Record<string, string> = { bad_condition: '条件', bad_schedule: 'cron 的' };

function inChinese(fault: Fault): string {
  const { values, message_zh: zh } = fault;
  const said = kSaid[fault.code]?.find((words) => [...words.matchAll(/{(\w+)}/g)].every(([, name]) => values[name!] !== undefined));
  return said?.replace(/{(\w+)}/g, (_, name: string) => values[name]!) ?? (zh && `${kOf[fault.code] ?? ''}${zh}`) ?? (fault.code === 'bad_condition' ? `条件有误：${fault.message}` : kWords[fault.code]) ?? fault.message;
}

export const faultWord = (fault: Fault, language: 'zh' | 'en'): string => (language === 'zh' ? inChinese(fault) : fault.message);
