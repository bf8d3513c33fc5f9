import { Input } from 'antd';
import { SearchOutlined } from '@ant-design/icons';

// Seeks in what the tabs after it show: stands at the right of them, and is none of them.
export const TabSearch = ({ label, value, onChange }: { label: string; value: string; onChange: (value: string) => void }) => (
  <div className="tab-search"><Input allowClear style={{ width: 260 }} prefix={<SearchOutlined />} placeholder={label} aria-label={label} value={value} onChange={(event) => onChange(event.target.value)} /></div>
);
