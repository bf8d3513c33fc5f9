import { defineTexts, type Language } from '../lib/texts';

// What an audit record is about: "segment.exported" is two words, of a thing and of what was done to it.
export const audits = defineTexts('audits', {
  api: '接口', approval: '审批', backup: '备份', channel: '触点', customer: '客户', dashboard: '看板', identity: '身份规则', journey: '旅程', key: '密钥', list: '名单', organisation: '机构', password: '密码', plan: '埋点方案', question: '问题', role: '角色', second_factor: '双因素', segment: '客群', session: '登录会话', table: '数据表', tag: '标签', task: '任务', template: '模板', user: '用户', values: '个人信息明文',
  asked: '发起', flow_removed: '删除流程', flow_set: '设定流程', voted: '表决', withdrawn: '撤回', made: '完成', put: '保存', removed: '删除', secrets_set: '设定密钥', tried: '试发', erased: '删除', identity_cut: '标识拆出', saved: '保存', rules_changed: '更改', consent_set: '更改授权', entered: '送入客户', hold_set: '全部停发或恢复', phase_set: '启停', policy_set: '更改触达规则', published: '发布', receipt: '登记回执', released: '放量', created: '新建', uploaded: '上传', set: '设定', changed: '更改', begun: '开始设置', exported: '导出', run: '运行', closed: '结束', opened: '开始', declared: '声明', rows_uploaded: '上传数据', approval_step: '认证或退回', backfilled: '补算', step: '变更状态', password_reset: '重置密码', roles_set: '授予角色', second_factor_removed: '移除双因素', unlocked: '解除锁定', hidden: '恢复打码', revealed: '显示',
}, {
  api: 'API', approval: 'Approval', backup: 'Backup', channel: 'Channel', customer: 'Customer', dashboard: 'Dashboard', identity: 'Identity rules', journey: 'Journey', key: 'Key', list: 'List', organisation: 'Organisation', password: 'Password', plan: 'Tracking plan', question: 'Question', role: 'Role', second_factor: 'Second factor', segment: 'Segment', session: 'Session', table: 'Table', tag: 'Tag', task: 'Task', template: 'Template', user: 'User', values: 'Personal values',
  asked: 'asked', flow_removed: 'flow removed', flow_set: 'flow set', voted: 'voted', withdrawn: 'withdrawn', made: 'made', put: 'saved', removed: 'removed', secrets_set: 'secrets set', tried: 'tried', erased: 'erased', identity_cut: 'identity cut off', saved: 'saved', rules_changed: 'changed', consent_set: 'consent set', entered: 'customer let in', hold_set: 'messages held or released', phase_set: 'started or stopped', policy_set: 'message rules set', published: 'published', receipt: 'receipt given', released: 'let out', created: 'made', uploaded: 'uploaded', set: 'set', changed: 'changed', begun: 'begun', exported: 'exported', run: 'run', closed: 'closed', opened: 'opened', declared: 'declared', rows_uploaded: 'rows uploaded', approval_step: 'certified or given back', backfilled: 'filled back', step: 'step taken', password_reset: 'password reset', roles_set: 'roles set', second_factor_removed: 'second factor removed', unlocked: 'unlocked', hidden: 'masked again', revealed: 'shown in clear',
});

export function auditName(what: string, language: Language): string {
  const [thing = '', deed = ''] = what.split('.');
  const words: Partial<Record<string, string>> = audits[language], of = words[thing], done = words[what === 'tag.approval' ? 'approval_step' : deed];
  return of && done ? `${of}${language === 'zh' ? '' : ' '}${done}` : what;
}
