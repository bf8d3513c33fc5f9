import { TagOutlined } from '@ant-design/icons';
import { Input } from 'antd';
import { useTexts } from '../../../lib/texts';
import type { JourneyNode } from '../core/definition';
import { Rows } from '../fields';
import { texts } from '../texts';
import { kind, type EditorProps } from './kind';
import { sayText } from './say';

interface Setting { attribute: string; value: string }

// One is written as `attribute` and `value` of the node as well.
const settingsOf = (node: JourneyNode): Setting[] =>
  (node['attributes'] as Setting[] | undefined) ?? [{ attribute: String(node['attribute'] ?? ''), value: String(node['value'] ?? '') }];

function Editor({ node, onChange }: EditorProps) {
  const t = useTexts(texts);
  return (
    <Rows label={t('attribute')} of="attributes" rows={settingsOf(node)} most={30} make={() => ({ attribute: '', value: '' })} onChange={(attributes) => onChange({ attributes, attribute: undefined, value: undefined })}>
      {(one, set) => (
        <>
          <Input aria-label={t('attribute')} className="code" placeholder={t('attribute')} value={one.attribute} onChange={(event) => set({ attribute: event.target.value })} />
          <Input aria-label={t('value')} placeholder={t('value')} value={one.value} onChange={(event) => set({ value: event.target.value })} />
        </>
      )}
    </Rows>
  );
}

export const set = kind({ kind: 'set', icon: <TagOutlined />, group: 'act', initial: { attributes: [{ attribute: '', value: '' }] }, Editor, summary: (node) => settingsOf(node).map(({ attribute, value }) => `${sayText(attribute)} = ${sayText(value)}`).join(' · ') });
