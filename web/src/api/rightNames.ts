import { useCallback } from 'react';
import { defineTexts, useTexts } from '../lib/texts';

// Rights are an action and its object: "查看客群" of "segments.view".
const texts = defineTexts('rights', {
  right: '{{action}}{{object}}', may_view: '查看', may_change: '管理', may_export: '导出', may_approve: '审批', may_reveal: '查看明文', of_customers: '客户', of_events: '原始事件', of_questions: '分析', of_plan: '埋点方案', of_segments: '客群', of_tags: '标签', of_journeys: '旅程', of_sources: '数据源', of_server: '服务器', of_users: '用户', of_roles: '角色', of_organisations: '机构', of_keys: '密钥', of_audit: '审计', of_tasks: '任务',
}, {
  right: '{{action}} {{object}}', may_view: 'See', may_change: 'Change', may_export: 'Export', may_approve: 'Approve', may_reveal: 'Unmask', of_customers: 'customers', of_events: 'raw events', of_questions: 'analyses', of_plan: 'tracking plan', of_segments: 'segments', of_tags: 'tags', of_journeys: 'journeys', of_sources: 'sources', of_server: 'server', of_users: 'users', of_roles: 'roles', of_organisations: 'organisations', of_keys: 'keys', of_audit: 'audit log', of_tasks: 'tasks',
});
type Word = keyof (typeof texts)['zh'];

export function useRightName(): (right: string) => string {
  const t = useTexts(texts);
  return useCallback((right) => {
    const [object = '', action = ''] = right.split('.');
    return t('right', { action: t(`may_${action}` as Word), object: t(`of_${object}` as Word) });
  }, [t]);
}
