import { defineTexts } from '../../lib/texts';

export const texts = defineTexts('tasks', {
  title: '待办任务', note: '旅程交给客户经理的任务。只显示您能看到的客户。', open: '未完成', waiting: '待接受', accepted: '进行中', done: '已完成', refused: '已拒绝', withdrawn: '已撤回', all: '全部',
  to: '负责人', everybody: '所有负责人', customer: '客户', what: '任务', journey: '旅程', given: '下达时间', due: '期限', late: '已逾期', state: '状态', actions: '操作',
  accept: '接受', doneStep: '完成', refuse: '拒绝', accept_what: '接受后由您跟进，不能再拒绝。', done_what: '完成后旅程会继续。', refuse_what: '拒绝后旅程按“未送达”的路径继续。',
  stepNote: '备注', noteHint: '如：客户同意周五到网点', reasonHint: '请写明原因', reasonNeeded: '拒绝时请写明原因', cancel: '取消', said: '已记录：{{state}}',
  none: '没有任务。旅程的发送节点选用“任务”类触点，就会在这里出现。', find: '按任务、客户、旅程或人查找', noMatch: '没有符合“{{typed}}”的任务。', noneHere: '这里没有任务。', masked: '客户信息已脱敏：按右上角“显示明文”查看填好的内容。', open_count: '{{name}}（{{count}}）',
}, {
  title: 'Tasks', note: 'What journeys ask of relationship managers, about customers whom you see.', open: 'Open', waiting: 'Waiting', accepted: 'Accepted', done: 'Done', refused: 'Refused', withdrawn: 'Withdrawn', all: 'All',
  to: 'For', everybody: 'Everybody', customer: 'Customer', what: 'Task', journey: 'Journey', given: 'Given', due: 'Due', late: 'overdue', state: 'State', actions: 'Actions',
  accept: 'Accept', doneStep: 'Done', refuse: 'Refuse', accept_what: 'It is yours then, and can no more be refused.', done_what: 'The journey goes on then.', refuse_what: 'The journey goes on as if it had not been delivered.',
  stepNote: 'Note', noteHint: 'Such as: will come on Friday', reasonHint: 'Say why', reasonNeeded: 'Say why when you refuse', cancel: 'Cancel', said: 'Noted: {{state}}',
  none: 'No tasks. They come from journeys that send to a channel of the kind “tasks”.', find: 'Find by task, customer or person', noMatch: 'No task fits “{{typed}}”.', noneHere: 'There are none here.', masked: 'What is a customer’s is masked: “Show in clear” at the top shows the texts filled in.', open_count: '{{name}} ({{count}})',
});
