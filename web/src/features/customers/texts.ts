import { defineTexts } from '../../lib/texts';

export const texts = defineTexts('customers', {
  title: '客户', of: '{{count}} 位客户', find: '按标识查找', copyAll: '复制全部标识', copied: '已复制 {{count}} 个标识', back: '回到问题',
  identity: '标识', kind: '类型', ordinal: '内部序号', login: '登录号', device: '设备', cookie: 'Cookie', empty: '还没有名单。任何分析中的数字都可以点开，看到背后的客户。', toAnalysis: '去分析',
  noneBehind: '这个数字背后没有客户。', noMatch: '没有标识包含“{{typed}}”。', from: '出自', trends: '趋势', funnel: '漏斗', retention: '留存',
  reached: '到达第 {{step}} 步“{{name}}”的客户', dropped: '止步于第 {{step}} 步“{{name}}”的客户', inBucket: '{{bucket}}，{{measure}}', inCohort: '{{cohort}} 起始、第 {{column}} 期{{way}}的客户', kept: '留存', churned: '未留存', group: '分组 {{group}}',
  makeSegment: '建客群', listHow: '把现在的 {{count}} 位客户存为名单，再用名单建客群。名单不会随时间变化。', listFirst: '把 {{count}} 位客户中的前 {{shown}} 位存为名单，再用名单建客群。名单不会随时间变化。', listName: '名单名称', listId: '编号', nameNeeded: '请填写名称', idNeeded: '1 到 64 个字母、数字、_ 或 -', next: '下一步', cancel: '取消',
  search: '手机号、登录号、客户号、设备号或姓名', searchHint: '输入任意一种标识的完整值，或姓名的一部分。', nobody: '没有客户的标识是“{{typed}}”，姓名中也没有。', matched: '匹配', name: '姓名', knownBy: '主标识',
  timeline: '时间线', details: '资产与明细', noDetails: '还没有这位客户的明细，如持仓、订单、贷款。在“数据表”中建表并上传后会显示在这里。', attributes: '属性', identities: '标识', tags: '标签', tag: '标签', category: '分类', yes: '是', no: '否', noTags: '还没有标签说到这位客户。', segments: '客群', touches: '触达', onlyEvent: '只看某个事件', sitting: '{{count}} 件事', older: '更早的', noEvents: '没有做过这件事。', noAttributes: '还没有属性。',
  attribute: '属性', value: '值', since: '更新于', segment: '客群', size: '人数', asOf: '截至', noSegments: '不在任何运行过的客群中。', noTouches: '还没有旅程触及这位客户。', rule_seen_together: '同一条数据带有两个标识', rule_link: '身份绑定', rule_signup: '注册或登录', rule_bind: '绑定', rule_alias: '别名', rule_same_identity: '同一个标识',
  whySame: '为什么是同一位客户', why: '为什么', lastSeen: '最近活动', firstSeen: '首次活动', eventCount: '事件数', kindCount: '事件种类',
}, {
  title: 'Customers', of: '{{count}} customers', find: 'Find by identity', copyAll: 'Copy all identities', copied: '{{count}} identities copied', back: 'Back to the question',
  identity: 'Identity', kind: 'Kind', ordinal: 'Ordinal', login: 'Login', device: 'Device', cookie: 'Cookie', empty: 'No list yet. Every number of an analysis opens into the customers behind it.', toAnalysis: 'Analyse',
  noneBehind: 'No customer is behind this number.', noMatch: 'No identity contains “{{typed}}”.', from: 'From', trends: 'Trends', funnel: 'Funnel', retention: 'Retention',
  reached: 'Customers who reached step {{step}}, {{name}}', dropped: 'Customers who stopped at step {{step}}, {{name}}', inBucket: '{{bucket}}, {{measure}}', inCohort: 'Began {{cohort}}, {{way}} in period {{column}}', kept: 'retained', churned: 'not retained', group: 'group {{group}}',
  makeSegment: 'Make a segment', listHow: 'The {{count}} customers of now become a list, and the list a segment. It does not change with time.', listFirst: 'The first {{shown}} of {{count}} customers become a list, and the list a segment. It does not change with time.', listName: 'Name of the list', listId: 'Id', nameNeeded: 'Give it a name', idNeeded: '1 to 64 letters, digits, _ or -', next: 'Next', cancel: 'Cancel',
  search: 'Phone, login, customer number, device or name', searchHint: 'Any identity in full, or a part of the name.', nobody: 'Nobody has the identity “{{typed}}”, or it in the name.', matched: 'Found by', name: 'Name', knownBy: 'Known by',
  timeline: 'Timeline', details: 'Holdings and details', noDetails: 'No details of this customer yet, such as holdings, orders or loans. Make a table under Tables and upload them.', attributes: 'Attributes', identities: 'Identities', tags: 'Tags', tag: 'Tag', category: 'Category', yes: 'yes', no: 'no', noTags: 'No tag says anything of this customer yet.', segments: 'Segments', touches: 'Touches', onlyEvent: 'Only one event', sitting: 'events: {{count}}', older: 'Older', noEvents: 'It was never done.', noAttributes: 'No attributes yet.',
  attribute: 'Attribute', value: 'Value', since: 'Since', segment: 'Segment', size: 'Customers', asOf: 'As of', noSegments: 'In no segment that has been run.', noTouches: 'No journey has touched this customer yet.', rule_seen_together: 'seen in one event', rule_link: 'linked', rule_signup: 'signed up or in', rule_bind: 'bound', rule_alias: 'alias', rule_same_identity: 'the same identity',
  whySame: 'Why it is the same customer', why: 'Why', lastSeen: 'Last seen', firstSeen: 'First seen', eventCount: 'Events', kindCount: 'Kinds of event',
});
