import { Select } from 'antd';
import { useLists, useSegments } from '../../api/queries';
import { fit } from '../../lib/match';
import { useLanguage, useTexts } from '../../lib/texts';
import { labelOf } from '../../lib/label';
import { texts } from '../texts';

export function MemberEditor({ kind, id, onChange }: { kind: 'segment' | 'list'; id: string; onChange: (id: string) => void }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const segments = useSegments(), lists = useLists();
  const items = (kind === 'segment' ? segments : lists).data?.items ?? [];
  return (
    <Select aria-label={t(`add_${kind}`)} style={{ flex: 1, minWidth: 180 }} value={id || undefined} onChange={onChange} placeholder={t(`add_${kind}`)}
      showSearch={{ filterOption: (typed, option) => fit(typed, (option as { words?: string[] } | undefined)?.words ?? []) > 0 }}
      options={items.map((item) => ({ value: item.id, label: labelOf(item, language), words: [item.id, item.name_zh ?? '', item.name_en ?? ''] }))} />
  );
}
