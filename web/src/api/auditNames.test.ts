// @vitest-environment jsdom
import { auditName } from './auditNames';

test.each([['segment.exported', '客群导出', 'Segment exported'], ['tag.approval', '标签认证或退回', 'Tag certified or given back'], ['approval.voted', '审批表决', 'Approval voted'], ['values.revealed', '个人信息明文显示', 'Personal values shown in clear']])('%s has a name', (what, zh, en) =>
  expect([auditName(what, 'zh'), auditName(what, 'en')]).toEqual([zh, en]));
test('what has no name is said as it is', () => expect(auditName('moon.landed', 'zh')).toBe('moon.landed'));
