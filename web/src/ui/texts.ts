import { defineTexts } from '../lib/texts';

export const texts = defineTexts('ui', {
  chooseFile: '选择 CSV 文件', fileRead: '{{file}}：{{rows}} 行，{{columns}} 列', fileProgress: '已导入 {{done}} / {{total}} 行', fileDone: '{{count}} 行已导入。', fileSome: '{{total}} 行中 {{count}} 行已导入。', fileStopped: '已停止，前 {{count}} 行已导入。', fileStop: '停止', fileAgain: '再导一个', fileTooBig: '文件超过 {{limit}}，请用 waypost import 导入。', close: '关闭',
  noMatch: '没有符合“{{typed}}”的。', retry: '重试', remove: '移除', requestId: '请求编号', rightNeeded: '需要“{{right}}”权限。',
  problem: '没有得到结果', incomplete: '部分数据块正在修复，结果不完整。', slow: '仍在计算，已用 {{seconds}} 秒', cancel: '取消',
  unit: '单位', unit_s: '秒', unit_m: '分钟', unit_h: '小时', unit_d: '天', unit_w: '周', unit_mo: '个月', anyEvent: '任意事件', value: '值', values: '输入后回车', yes: '是', no: '否',
  trace_refused: '未进入', trace_entered: '进入', trace_passed: '经过', trace_planned: '准备发送', trace_message: '消息', trace_denied: '未发送', trace_left: '离开', trace_converted: '达成目标', trace_migrated: '换版本', trace_late_event: '事后才做', trace_version: '第 {{version}} 版',
  kind_customer_no: '客户号', kind_login: '登录号', kind_certified: '实名标识', kind_card: '卡号', kind_phone: '手机号', kind_email: '邮箱', kind_unionid: '微信 UnionID', kind_device: '设备', kind_anonymous: '匿名标识', kind_cookie: 'Cookie', kind_openid: '微信 OpenID', kind_external_userid: '企业微信外部联系人', kind_distinct: '埋点标识',
}, {
  chooseFile: 'Choose a CSV file', fileRead: '{{file}}: {{rows}} rows, {{columns}} columns', fileProgress: '{{done}} of {{total}} rows are in', fileDone: '{{count}} rows are in.', fileSome: '{{count}} of {{total}} rows are in.', fileStopped: 'Stopped: the first {{count}} rows are in.', fileStop: 'Stop', fileAgain: 'Another file', fileTooBig: 'The file is over {{limit}}: load it with waypost import.', close: 'Close',
  noMatch: 'Nothing fits “{{typed}}”.', retry: 'Try again', remove: 'Remove', requestId: 'Request', rightNeeded: 'It takes the right “{{right}}”.',
  problem: 'No result', incomplete: 'Some data is being repaired: the result is incomplete.', slow: 'Still working, {{seconds}} s so far', cancel: 'Cancel',
  unit: 'unit', unit_s: 'seconds', unit_m: 'minutes', unit_h: 'hours', unit_d: 'days', unit_w: 'weeks', unit_mo: 'months', anyEvent: 'Any event', value: 'Value', values: 'Type, then Enter', yes: 'yes', no: 'no',
  trace_refused: 'not let in', trace_entered: 'came in', trace_passed: 'passed', trace_planned: 'message planned', trace_message: 'message', trace_denied: 'not sent', trace_left: 'left', trace_converted: 'reached the goal', trace_migrated: 'other version', trace_late_event: 'did it too late', trace_version: 'version {{version}}',
  kind_customer_no: 'Customer number', kind_login: 'Login', kind_certified: 'Certified identity', kind_card: 'Card', kind_phone: 'Phone', kind_email: 'E-mail', kind_unionid: 'WeChat UnionID', kind_device: 'Device', kind_anonymous: 'Anonymous', kind_cookie: 'Cookie', kind_openid: 'WeChat OpenID', kind_external_userid: 'WeCom contact', kind_distinct: 'Distinct id',
});
