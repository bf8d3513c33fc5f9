import { defineTexts } from '../../lib/texts';

export const texts = defineTexts('approvals', {
  title: '审批', note: '有审批流程的旅程和触达规则，通过后才能生效。申请人不能审批自己的申请。',
  mine: '待我审批', asked: '我发起的', all: '全部', subject: '内容', asker: '申请人', askedAt: '申请时间', level: '环节', state: '状态', kind_policy: '触达规则',
  state_open: '审批中', state_approved: '已通过', state_rejected: '已拒绝', state_withdrawn: '已撤回', state_expired: '已过期',
  noneMine: '没有等您审批的内容。', noneAsked: '您还没有发起过审批。发布有审批流程的旅程时，会在这里看到进度。', none: '还没有审批申请。安全管理员建立审批流程后，相关内容须先审批再生效。', find: '按内容或申请人筛选', noMatch: '没有符合“{{typed}}”的申请。',
  yes: '通过', no: '拒绝', comment: '意见', commentHint: '会与审批结果一起记录', commentNeeded: '拒绝时请写明原因', withdraw: '撤回申请', withdrawTitle: '撤回“{{subject}}”的申请？', withdrawBody: '撤回后须重新申请才能生效。', cancel: '取消', delegate: '转交', delegateTitle: '转交给谁审批？', delegateBody: '对方将代替您审批当前环节；转交后您不能再审批，也不能收回。', delegateTo: '审批人', delegateHint: '选择或输入用户名', delegated: '已转交', delegatedBy: '由 {{from}} 转交', saidYes: '已通过', saidNo: '已拒绝', withdrawn: '已撤回',
  levels: '审批环节', rule_all: '全部通过（会签）', rule_any: '任一人通过（或签）', rule_some: '{{count}} 人通过', waiting: '待审批', external: '外部系统审批', current: '当前环节', agreed: '通过', refused: '拒绝', people: '审批人',
  changes: '与当前生效版本相比', isNew: '新内容，当前没有生效版本', whole: '完整内容', same: '与当前生效版本相同', folded: '… {{count}} 行相同 …', hash: '内容指纹', uses: '依据的客群、名单和标签', use_segment: '客群', use_list: '名单', use_tag: '标签', useChanged: '申请后已改动', usesChanged: '依据的定义在申请之后有改动：即使通过也不能发布，须由申请人重新申请。', open: '打开旅程', linesOut: '删除', linesIn: '新增',
}, {
  title: 'Approvals', note: 'Journeys and message rules that have a flow take effect once approved. Nobody approves what they asked for.',
  mine: 'Waiting for me', asked: 'Asked by me', all: 'All', subject: 'What', asker: 'Asked by', askedAt: 'Asked', level: 'Level', state: 'State', kind_policy: 'Rules for messages',
  state_open: 'Open', state_approved: 'Approved', state_rejected: 'Refused', state_withdrawn: 'Withdrawn', state_expired: 'Expired',
  noneMine: 'Nothing waits for you.', noneAsked: 'You have asked for nothing yet. When you publish a journey that needs approval, its progress shows here.', none: 'Nothing was asked for yet. Once a security administrator makes a flow, what it covers is approved before it takes effect.', find: 'Filter by what or by whom', noMatch: 'Nothing fits “{{typed}}”.',
  yes: 'Approve', no: 'Refuse', comment: 'Comment', commentHint: 'Kept with the vote', commentNeeded: 'Say why you refuse', withdraw: 'Withdraw', withdrawTitle: 'Withdraw “{{subject}}”?', withdrawBody: 'It has to be asked for anew to take effect.', cancel: 'Cancel', delegate: 'Hand on', delegateTitle: 'Who is asked instead of you?', delegateBody: 'They approve at this level in your place. You can no longer, nor take it back.', delegateTo: 'Who approves', delegateHint: 'Choose a person or type a user name', delegated: 'Handed on', delegatedBy: 'handed on by {{from}}', saidYes: 'Approved', saidNo: 'Refused', withdrawn: 'Withdrawn',
  levels: 'Levels', rule_all: 'all must agree', rule_any: 'one must agree', rule_some: '{{count}} must agree', waiting: 'waiting', external: 'another system answers', current: 'asked now', agreed: 'agreed', refused: 'refused', people: 'People',
  changes: 'Against what is in force', isNew: 'New: nothing is in force yet', whole: 'Whole content', same: 'The same as what is in force', folded: '… {{count}} lines alike …', hash: 'Fingerprint', uses: 'Segments, lists and tags it stands on', use_segment: 'Segment', use_list: 'List', use_tag: 'Tag', useChanged: 'changed since', usesChanged: 'What it stands on was changed after it was asked for: approved or not, it cannot be published until it is asked for again.', open: 'Open the journey', linesOut: 'removed', linesIn: 'added',
});
