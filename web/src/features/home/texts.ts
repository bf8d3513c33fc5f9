import { defineTexts } from '../../lib/texts';

export const texts = defineTexts('home', {
  title: '首页', mayNothing: '您的账号还没有任何权限。请联系安全管理员授予角色，之后刷新页面即可使用。', policy: '触达规则', running: '进行中的旅程 {{count}}', journey: '旅程', entered: '进入', inside: '在途', goals: '达成目标', paused: '已暂停', yesterday: '昨天', note: '{{date}}，时区 {{zone}}',
  customers: '活跃客户', events: '事件', perCustomer: '人均事件', ofDayBefore: '较前一天', noBefore: '前一天没有数据', wasBefore: '前一天 {{count}}',
  tasks: '待办任务 {{count}}', due: '{{time}} 到期', noTasks: '现在没有待办。旅程分派的任务会出现在这里。', didNothing: '还没有行为', myCustomers: '我的客户', records: '最近的操作', deed: '操作', person: '人', at: '时间', refused: '被拒绝',
  accounts: '用户 {{count}}', noRole: '还没有角色', locked: '已锁定', firstPassword: '还没有更改首次密码', ending: '两周内到期的密钥', nobody: '没有', and: '、',
  health: '数据健康', recentEvents: '最近一条事件', none: '还没有', quarantine: '隔离区', quarantineCount: '最近 {{count}} 条待查看', quarantineNone: '没有被隔离的数据',
  report: '埋点校验', reportIssues: '{{count}} 处与方案不符', reportNone: '与埋点方案相符', undeclared: '{{count}} 个未声明的名称', declaredAll: '全部已声明', declared: '声明情况', look: '查看',
  start: '开始使用', startNote: '数据到达后，每一步会自动勾选。', done: '全部完成',
  step_event: '发送第一条事件', step_event_how: '选一种方式，粘贴运行；服务器地址和写入密钥已填好。',
  step_plan: '声明一个事件', step_plan_how: '给事件起中英文名称，大家说同一种话。',
  step_customer: '认识第一位客户', step_customer_how: '发送带登录号的事件，或上传客户属性。',
  step_segment: '选出第一个客群', step_segment_how: '几下点击写一条规则，人数边写边算。', step_journey: '发布第一条旅程', step_journey_how: '画出谁进来、发什么；消息先到沙箱。',
  step_question: '问第一个问题', step_question_how: '看看从浏览到购买，客户在哪一步离开。', go: '前往', ask: '去分析', trend: '近 30 天活跃客户', waiting: '等我审批 {{count}}', month: '近 30 天客户',
}, {
  title: 'Home', mayNothing: 'Your account has no rights yet. Ask your security administrator for a role, then load this page again.', policy: 'Rules for messages', running: 'Journeys in progress: {{count}}', journey: 'Journey', entered: 'Came in', inside: 'Inside', goals: 'Reached the goal', paused: 'Paused', yesterday: 'Yesterday', note: '{{date}}, time zone {{zone}}',
  customers: 'Active customers', events: 'Events', perCustomer: 'Events per customer', ofDayBefore: 'on the day before', noBefore: 'nothing the day before', wasBefore: '{{count}} the day before',
  tasks: 'Tasks: {{count}}', due: 'due {{time}}', noTasks: 'Nothing to do now. Tasks that journeys give you show here.', didNothing: 'Nothing yet', myCustomers: 'My customers', records: 'Lately done', deed: 'Action', person: 'Person', at: 'When', refused: 'Refused',
  accounts: 'Users: {{count}}', noRole: 'Without a role', locked: 'Locked out', firstPassword: 'With a first password', ending: 'Keys that end within two weeks', nobody: 'None', and: ', ',
  health: 'Data health', recentEvents: 'Latest event', none: 'None yet', quarantine: 'Quarantine', quarantineCount: 'the last {{count}} to look at', quarantineNone: 'Nothing is in quarantine',
  report: 'Plan check', reportIssues: '{{count}} places do not fit the plan', reportNone: 'All fits the tracking plan', undeclared: '{{count}} undeclared names', declaredAll: 'Everything is declared', declared: 'Declared', look: 'Look',
  start: 'Getting started', startNote: 'Each step ticks itself when the data arrives.', done: 'All done',
  step_event: 'Send your first event', step_event_how: 'Choose a way, paste and run it; address and write key are filled in.',
  step_plan: 'Declare an event', step_plan_how: 'Give events names that everyone uses.',
  step_customer: 'Know your first customer', step_customer_how: 'Send an event with a login, or upload attributes.',
  step_segment: 'Select your first segment', step_segment_how: 'Click a rule together; the count follows.', step_journey: 'Publish your first journey', step_journey_how: 'Draw who comes in and what is sent; messages go to the sandbox.',
  step_question: 'Ask your first question', step_question_how: 'See where customers leave between looking and buying.', go: 'Go', ask: 'Analyse', trend: 'Active customers, last 30 days', waiting: 'Waiting for me: {{count}}', month: 'In 30 days',
});
