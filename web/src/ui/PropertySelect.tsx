import { Select } from 'antd';
import { useNames } from '../api/names';
import { fit } from '../lib/match';

export function PropertySelect({ value, onChange, label, width }: { value: string; onChange: (name: string) => void; label: string; width: number }) {
  const names = useNames();
  return (
    <Select aria-label={label} placeholder={label} style={{ width }} popupMatchSelectWidth={220} value={value || undefined} onChange={onChange}
      showSearch={{ filterOption: (typed, option) => fit(typed, (option as { words?: string[] } | undefined)?.words ?? []) > 0 }}
      options={names.properties.map(({ name, zh, en }) => ({ value: name, label: names.property(name), words: [name, zh ?? '', en ?? ''] }))} />
  );
}
