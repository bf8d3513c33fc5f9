import { ReloadOutlined } from '@ant-design/icons';
import { useTexts } from '../../../lib/texts';
import { NumberField } from '../fields';
import { texts } from '../texts';
import { kind, type EditorProps } from './kind';

function Editor({ node, onChange }: EditorProps) {
  const t = useTexts(texts);
  return <NumberField label={t('maxVisits')} of="max_visits" min={1} max={1000} value={node['max_visits']} onChange={(value) => onChange({ max_visits: value })} />;
}

export const loop = kind({ kind: 'loop', icon: <ReloadOutlined />, group: 'act', initial: { max_visits: 3 }, Editor, summary: (node, { t }) => t('sayLoop', { count: Number(node['max_visits'] ?? 0) }) });
