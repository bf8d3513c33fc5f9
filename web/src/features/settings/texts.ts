import { defineTexts } from '../../lib/texts';

export const texts = defineTexts('settings', {
  audit: '审计日志', auditNote: '每次更改和登录都有一条记录，逐条以哈希相连，改动或删除都能被发现。', find: '按操作、人、地址或请求编号筛选',
  seq: '序号', time: '时间', what: '操作', who: '人', peer: '来源地址', target: '请求', status: '结果', requestId: '请求编号', done: '成功', refused: '被拒绝', failed: '失败',
  head: '链首', publicKey: '公钥', verifyHint: '在服务器上运行 waypost audit verify 核验整条链；请把公钥交给审计人员保管。', none: '还没有记录。第一次更改或登录后，这里会有一条。', noMatch: '最近 {{count}} 条中没有符合筛选的。',
}, {
  audit: 'Audit log', auditNote: 'Every change and every signing in has a record, chained by hashes, so that an edit or a gap shows.', find: 'Filter by action, person, address or request',
  seq: 'No.', time: 'Time', what: 'Action', who: 'Person', peer: 'Address', target: 'Call', status: 'Outcome', requestId: 'Request', done: 'Done', refused: 'Refused', failed: 'Failed',
  head: 'Head of the chain', publicKey: 'Public key', verifyHint: 'On the server, waypost audit verify checks the whole chain; give the public key to the auditor.', none: 'No records yet. The first change or signing in leaves one.', noMatch: 'None of the last {{count}} fits the filter.',
});
