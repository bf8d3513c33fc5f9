import type { ReactNode } from 'react';
import { Button } from 'antd';
import { CloseOutlined, PlusOutlined } from '@ant-design/icons';
import { useTexts } from '../lib/texts';
import { texts } from './texts';

interface Props<Row> {
  rows: Row[] | undefined;
  fresh: Row;
  add: string; // on the button that adds one
  name: string; // what a row is called aloud
  children: (row: Row, set: (change: Partial<Row>) => void, label: (of: string) => string) => ReactNode;
  onChange: (rows: Row[]) => void;
}

// Rows of one kind, each with a way out, and one more at the end.
export function Rows<Row>({ rows, fresh, add, name, children, onChange }: Props<Row>) {
  const t = useTexts(texts);
  const all = rows ?? [];
  return (
    <div className="stack tight">
      {all.map((row, at) => (
        <div key={at} className="ruled">
          <div className="row">{children(row, (change) => onChange(all.map((old, i) => (i === at ? { ...old, ...change } : old))), (of) => `${name} ${at + 1} ${of}`)}</div>
          <Button type="text" size="small" aria-label={`${t('remove')} ${name} ${at + 1}`} icon={<CloseOutlined />} onClick={() => onChange(all.filter((_, i) => i !== at))} />
        </div>
      ))}
      <div><Button type="dashed" size="small" icon={<PlusOutlined />} onClick={() => onChange([...all, fresh])}>{add}</Button></div>
    </div>
  );
}
