import { defineTexts } from '../lib/texts';

export const texts = defineTexts('ui', {
  retry: '重试', requestId: '请求编号',
  problem: '没有得到结果', incomplete: '部分数据块正在修复，结果不完整。', slow: '仍在计算，已用 {{seconds}} 秒', cancel: '取消',
}, {
  retry: 'Try again', requestId: 'Request',
  problem: 'No result', incomplete: 'Some data is being repaired: the result is incomplete.', slow: 'Still working, {{seconds}} s so far', cancel: 'Cancel',
});
