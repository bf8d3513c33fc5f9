import { useState } from 'react';
import { Drawer, Select } from 'antd';
import type { IdentityRules } from '../../api/schema';
import { useTexts } from '../../lib/texts';
import { PropertySelect } from '../../ui/PropertySelect';
import { Rows } from '../../ui/Rows';
import { texts } from './texts';
import { Trial } from './Trial';

type Attribute = NonNullable<IdentityRules['attributes']>[number];

const kKeeps = ['last', 'first', 'source', 'min', 'max', 'union'] as const;

// Which value an attribute has that several identities of a customer bring.
export function AttributesDrawer({ rules: before, onClose }: { rules: IdentityRules; onClose: () => void }) {
  const t = useTexts(texts);
  const [rules, setRules] = useState(before);
  const all = rules.attributes ?? [];
  const names = all.map(({ attribute }) => attribute);
  const fault = names.some((name) => !name) ? t('noAttribute') : new Set(names).size < names.length ? t('attributeTaken') : undefined;
  return (
    <Drawer open title={t('attributes')} size={760} onClose={onClose}>
      <Rows<Attribute> rows={all} fresh={{ attribute: '', keep: 'last', sources: [] }} add={t('addAttribute')} name={t('attribute')} onChange={(attributes) => setRules({ ...rules, attributes })}>
        {({ attribute = '', keep = 'last', sources = [] }, set, label) => (
          <>
            <PropertySelect label={label(t('attribute'))} width={200} value={attribute} onChange={(name) => set({ attribute: name })} />
            <Select aria-label={label(t('keep'))} style={{ width: 150 }} value={keep} onChange={(next) => set({ keep: next, ...(next === 'source' ? {} : { sources: [] }) })} options={kKeeps.map((value) => ({ value, label: t(`keep_${value}`) }))} />
            {keep === 'source' && <Select mode="tags" open={false} suffixIcon={null} aria-label={label(t('sources'))} placeholder={t('sourcesHint')} style={{ flex: 1, minWidth: 200 }} value={sources} onChange={(next: string[]) => set({ sources: next })} />}
          </>
        )}
      </Rows>
      <Trial rules={rules} fault={fault} onDone={onClose} />
    </Drawer>
  );
}
