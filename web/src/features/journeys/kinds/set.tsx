import { TagOutlined } from '@ant-design/icons';
import { Input, InputNumber, Select } from 'antd';
import { useTexts } from '../../../lib/texts';
import type { JourneyNode } from '../core/definition';
import { Rows } from '../fields';
import { texts } from '../texts';
import { kind, type EditorProps } from './kind';
import { sayText } from './say';

interface Setting { attribute: string; value?: string; increment?: number }

// One is written as fields of the node as well.
const settingsOf = (node: JourneyNode): Setting[] =>
  (node['attributes'] as Setting[] | undefined) ?? [{ attribute: String(node['attribute'] ?? ''), ...(node['increment'] === undefined ? { value: String(node['value'] ?? '') } : { increment: Number(node['increment']) }) }];

const sayOne = ({ attribute, value, increment }: Setting) => (increment === undefined ? `${sayText(attribute)} = ${sayText(value)}` : `${sayText(attribute)} ${increment < 0 ? '−' : '+'} ${Math.abs(increment)}`);

function Editor({ node, onChange }: EditorProps) {
  const t = useTexts(texts);
  return (
    <Rows label={t('attribute')} of="attributes" rows={settingsOf(node)} most={30} make={() => ({ attribute: '', value: '' })} onChange={(attributes) => onChange({ attributes, attribute: undefined, value: undefined, increment: undefined })}>
      {(one, set) => (
        <>
          <Input aria-label={t('attribute')} className="code" placeholder={t('attribute')} value={one.attribute} onChange={(event) => set({ attribute: event.target.value })} />
          <Select aria-label={t('setHow')} style={{ width: 96 }} value={one.increment === undefined ? 'to' : 'add'} options={(['to', 'add'] as const).map((value) => ({ value, label: t(`set_${value}`) }))}
            onChange={(how) => set(how === 'to' ? { value: '', increment: undefined } : { value: undefined, increment: 1 })} />
          {one.increment === undefined
            ? <Input aria-label={t('value')} placeholder={t('value')} value={one.value} onChange={(event) => set({ value: event.target.value })} />
            : <InputNumber aria-label={t('value')} style={{ width: '100%' }} value={one.increment} onChange={(increment) => set({ increment: increment ?? 0 })} />}
        </>
      )}
    </Rows>
  );
}

export const set = kind({ kind: 'set', icon: <TagOutlined />, group: 'act', initial: { attributes: [{ attribute: '', value: '' }] }, Editor, summary: (node) => settingsOf(node).map(sayOne).join(' · ') });
