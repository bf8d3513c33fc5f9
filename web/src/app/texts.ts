import { defineTexts } from '../lib/texts';

export const texts = defineTexts('app', {
  product: '路标', data: '数据', journeys: '旅程', analysis: '分析', settings: '设置',
  search: '搜索客户、标签、客群、旅程、页面', searchHint: '中文、拼音首字母或英文', seekCustomer: '找客户“{{typed}}”', segment: '客群', tag: '标签', journey: '旅程', customer: '客户', nothingFound: '没有找到“{{typed}}”。换个说法，或试试拼音首字母。',
  event: '事件', property: '属性', page: '页面', moveHint: '↑↓ 选择 · Enter 打开 · Esc 关闭',
  project: '项目', signOut: '退出登录', changePassword: '更改密码', factor: '双因素验证', forbidden: '这个页面需要“{{right}}”权限，您还没有。请联系安全管理员。', bounded: '这个页面的内容涉及全部客户，而您的角色或机构只能看到一部分客户，所以不在这里显示。需要时请联系安全管理员。', switchLanguage: 'English', collapse: '收起导航', expand: '展开导航',
  lostTitle: '页面不存在', lost: '没有这个页面，地址可能写错了，或它已被删除。', goHome: '回到首页', crashedTitle: '页面出错', crashed: '这个页面出错了。', reload: '重新加载', skip: '跳到内容',
  showClear: '显示明文', clearLeft: '明文 {{minutes}} 分钟', clearTitle: '显示个人信息明文', clearBody: '接下来 15 分钟，您有权查看的姓名、手机号等不再打码。原因会记入审计日志。', reason: '原因', reasonHint: '例如：处理投诉 2026-0312', reasonNeeded: '请填写原因', code: '动态验证码', cancel: '取消', hideAgain: '立即恢复打码',
  production: '生产', test: '测试', demo: '演示',
}, {
  product: 'Waypost', data: 'Data', journeys: 'Journeys', analysis: 'Analysis', settings: 'Settings',
  search: 'Search customers, tags, segments, pages', searchHint: 'Chinese, pinyin initials or English', seekCustomer: 'Find the customer “{{typed}}”', segment: 'Segment', tag: 'Tag', journey: 'Journey', customer: 'Customer', nothingFound: 'Nothing is called “{{typed}}”. Try other words.',
  event: 'Event', property: 'Property', page: 'Page', moveHint: '↑↓ choose · Enter open · Esc close',
  project: 'Project', signOut: 'Sign out', changePassword: 'Change password', factor: 'Second factor', forbidden: 'This page takes the right “{{right}}”, which you do not have: ask your security administrator.', bounded: 'This page is about all customers, and your role or organisation sees some of them, so it is not shown to you. Your security administrator can change that.', switchLanguage: '中文', collapse: 'Collapse', expand: 'Expand',
  lostTitle: 'Page not found', lost: 'There is no such page: its address is mistyped, or it is gone.', goHome: 'Go home', crashedTitle: 'Page failed', crashed: 'This page failed.', reload: 'Reload', skip: 'Skip to content',
  showClear: 'Show in clear', clearLeft: 'In clear, {{minutes}} min', clearTitle: 'Show personal values in clear', clearBody: 'For 15 minutes names, phone numbers and the like are not masked for you. The reason goes into the audit log.', reason: 'Reason', reasonHint: 'Such as: complaint 2026-0312', reasonNeeded: 'Say why', code: 'Code of your second factor', cancel: 'Cancel', hideAgain: 'Mask again now',
  production: 'Production', test: 'Test', demo: 'Demo',
});
