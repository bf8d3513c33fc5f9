import { MergeOutlined } from '@ant-design/icons';
import { useTexts } from '../../../lib/texts';
import { DurationField, NumberField } from '../fields';
import { texts } from '../texts';
import { kind, type EditorProps } from './kind';

function Editor({ node, onChange }: EditorProps) {
  const t = useTexts(texts);
  return (
    <>
      <NumberField label={t('joinCount')} of="wait_for" min={1} max={30} value={node['wait_for']} onChange={(value) => onChange({ wait_for: value })} />
      <DurationField label={t('timeout')} of="timeout" value={node['timeout']} onChange={(timeout) => onChange({ timeout })} />
    </>
  );
}

export const join = kind({ kind: 'join', icon: <MergeOutlined />, group: 'act', Editor, summary: (node, { t }) => (node['wait_for'] ? t('sayJoin', { count: Number(node['wait_for']) }) : t('sayJoinAll')) });
