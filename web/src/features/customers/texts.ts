import { defineTexts } from '../../lib/texts';

export const texts = defineTexts('customers', {
  title: '客户', of: '{{count}} 位客户', find: '按标识查找', copyAll: '复制全部标识', copied: '已复制 {{count}} 个标识', back: '回到问题',
  identity: '标识', kind: '类型', ordinal: '内部序号', login: '登录号', device: '设备', cookie: 'Cookie', empty: '还没有名单。任何分析中的数字都可以点开，看到背后的客户。', toAnalysis: '去分析',
  noneBehind: '这个数字背后没有客户。', noMatch: '没有标识包含“{{typed}}”。', from: '出自', trends: '趋势', funnel: '漏斗', retention: '留存',
  reached: '到达第 {{step}} 步“{{name}}”的客户', dropped: '止步于第 {{step}} 步“{{name}}”的客户', inBucket: '{{bucket}}，{{measure}}', inCohort: '{{cohort}} 起始、第 {{column}} 期{{way}}的客户', kept: '留存', churned: '未留存', group: '分组 {{group}}',
}, {
  title: 'Customers', of: '{{count}} customers', find: 'Find by identity', copyAll: 'Copy all identities', copied: '{{count}} identities copied', back: 'Back to the question',
  identity: 'Identity', kind: 'Kind', ordinal: 'Ordinal', login: 'Login', device: 'Device', cookie: 'Cookie', empty: 'No list yet. Every number of an analysis opens into the customers behind it.', toAnalysis: 'Analyse',
  noneBehind: 'No customer is behind this number.', noMatch: 'No identity contains “{{typed}}”.', from: 'From', trends: 'Trends', funnel: 'Funnel', retention: 'Retention',
  reached: 'Customers who reached step {{step}}, {{name}}', dropped: 'Customers who stopped at step {{step}}, {{name}}', inBucket: '{{bucket}}, {{measure}}', inCohort: 'Began {{cohort}}, {{way}} in period {{column}}', kept: 'retained', churned: 'not retained', group: 'group {{group}}',
});
