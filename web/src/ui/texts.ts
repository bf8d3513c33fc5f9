import { defineTexts } from '../lib/texts';

export const texts = defineTexts('ui', {
  retry: '重试', requestId: '请求编号', copy: '复制', copied: '已复制', exactly: '精确值 {{value}}',
  problem: '没有得到结果', noRight: '登录已失效，请重新登录。', incomplete: '部分数据块正在修复，结果不完整。', slow: '仍在计算，已用 {{seconds}} 秒', cancel: '取消', small: '样本较少',
}, {
  retry: 'Try again', requestId: 'Request', copy: 'Copy', copied: 'Copied', exactly: 'Exactly {{value}}',
  problem: 'No result', noRight: 'You are no longer signed in: sign in again.', incomplete: 'Some data is being repaired: the result is incomplete.', slow: 'Still working, {{seconds}} s so far', cancel: 'Cancel', small: 'few of them',
});
