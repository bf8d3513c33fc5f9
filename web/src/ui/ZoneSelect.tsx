import { Select } from 'antd';

const kZones = Intl.supportedValuesOf('timeZone');

// A time zone by its IANA name; one that this browser does not know is shown when it is there.
export function ZoneSelect({ label, value, width, placeholder, clearable, onChange }: { label: string; value: string | undefined; width: number | string; placeholder?: string; clearable?: boolean; onChange: (zone: string | undefined) => void }) {
  const zones = value && !kZones.includes(value) ? [value, ...kZones] : kZones;
  return <Select<string> aria-label={label} showSearch allowClear={clearable} placeholder={placeholder} style={{ width, maxWidth: '100%' }} popupMatchSelectWidth={240} value={value || undefined} onChange={onChange} options={zones.map((zone) => ({ value: zone, label: zone }))} />;
}
