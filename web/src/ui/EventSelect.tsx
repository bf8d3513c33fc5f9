import { Select } from 'antd';
import { useNames } from '../api/names';
import { fit } from '../lib/match';
import { useTexts } from '../lib/texts';
import { texts } from './texts';

export function EventSelect({ value, onChange, any = true, clearable, label, width }: { value: string; onChange: (event: string) => void; any?: boolean; clearable?: boolean; label: string; width?: number }) {
  const t = useTexts(texts);
  const names = useNames();
  const options = names.events.map(({ name, zh, en }) => ({ value: name, label: names.event(name), words: [name, zh ?? '', en ?? ''] }));
  return (
    <Select aria-label={label} placeholder={label} value={value || undefined} allowClear={clearable} onChange={(event: string | undefined) => onChange(event ?? '')} style={width ? { width } : { flex: 1, minWidth: 120 }} popupMatchSelectWidth={280}
      showSearch={{ filterOption: (typed, option) => fit(typed, (option as { words?: string[] } | undefined)?.words ?? []) > 0 }}
      options={any ? [{ value: '*', label: t('anyEvent'), words: ['*', t('anyEvent')] }, ...options] : options}
      optionRender={({ label: shown, value: name }) => <span>{shown} {name !== '*' && name !== shown && <span className="quiet code">{name}</span>}</span>} />
  );
}
