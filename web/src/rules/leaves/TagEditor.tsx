import { Select } from 'antd';
import { useTagNames } from '../../api/queries';
import type { PlanProperty, TagType } from '../../api/schema';
import { labelOf } from '../../lib/label';
import { fit } from '../../lib/match';
import { useLanguage, useTexts } from '../../lib/texts';
import { firstTest } from '../core/ops';
import type { TagTest } from '../core/rule';
import { useTagValues } from '../queries';
import { texts } from '../texts';
import { TestEditor } from './TestEditor';

const kUsable = ['certified', 'live', 'frozen'];
const asProperty = (type: TagType | undefined): PlanProperty['type'] => (type === 'number' ? 'double' : type);

// A test of a tag's newest value, which is chosen of those that customers have.
export function TagEditor({ leaf: { tag, ...test }, onChange }: { leaf: TagTest; onChange: (leaf: TagTest) => void }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const tags = (useTagNames().data?.items ?? []).filter(({ state }) => kUsable.includes(state));
  const typeOf = (id: string) => asProperty(tags.find((one) => one.id === id)?.type);
  const isText = typeOf(tag) === 'string' || typeOf(tag) === 'list';
  const values = useTagValues(tag, isText).data?.values ?? [];
  return (
    <>
      <Select aria-label={t('tag')} placeholder={t('tag')} style={{ width: 128 }} popupMatchSelectWidth={240} value={tag || undefined} onChange={(id: string) => onChange({ tag: id, ...firstTest(typeOf(id)) })}
        showSearch={{ filterOption: (typed, option) => fit(typed, (option as { words?: string[] } | undefined)?.words ?? []) > 0 }}
        options={tags.map((one) => ({ value: one.id, label: labelOf(one, language), words: [one.id, one.name_zh ?? '', one.name_en ?? ''] }))} />
      {tag !== '' && <TestEditor test={test} type={typeOf(tag)} known={isText ? values.flatMap(({ value }) => value ?? []) : undefined} onChange={(changed) => onChange({ tag, ...changed })} />}
    </>
  );
}
