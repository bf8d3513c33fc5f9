import { Select } from 'antd';

export function Choice({ label, value, options, onChange, width = 160 }: { label: string; value: string; options: Record<string, string>; onChange: (value: string) => void; width?: number }) {
  const known = value in options ? options : { ...options, [value]: value };
  return <Select aria-label={label} style={{ width }} popupMatchSelectWidth={false} value={value} onChange={onChange} options={Object.entries(known).map(([key, text]) => ({ value: key, label: text }))} />;
}
