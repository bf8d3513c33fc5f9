import { Input, Table, type TableProps } from 'antd';
import { SearchOutlined } from '@ant-design/icons';
import type { ReactNode } from 'react';
import { useAddressText } from '../lib/addressText';
import { fit } from '../lib/match';
import { useTexts } from '../lib/texts';
import { Nothing } from './Nothing';
import { texts } from './texts';

interface Props<Row, Shown> extends Omit<TableProps<Shown>, 'dataSource' | 'locale' | 'size'> {
  rows: readonly Row[];
  words: (row: Row) => (string | undefined)[]; // what a row is found by
  find: string; // says what one may type
  empty: string;
  next?: ReactNode; // what to do while there is nothing
  shape?: (found: Row[]) => Shown[]; // rows that are shown otherwise than they are found
}

export const kPaging = { defaultPageSize: 20, showSizeChanger: true, hideOnSinglePage: true, style: { marginInline: 16 } } as const;

// A table of things that people look for: by the words of a row, in the address under `find`; 20 to a page.
export function FoundTable<Row extends object, Shown extends object = Row>({ rows, words, find, empty, next, shape, ...table }: Props<Row, Shown>) {
  const t = useTexts(texts);
  const [typed, setTyped] = useAddressText('find');
  const found = rows.filter((row) => fit(typed, words(row).filter((word) => word !== undefined)) > 0);
  const none = typed && rows.length > 0 ? <Nothing what={t('noMatch', { typed })} /> : <Nothing what={empty} next={next} />;
  return (
    <>
      <div className="bar"><Input allowClear style={{ width: 320 }} prefix={<SearchOutlined />} placeholder={find} aria-label={find} value={typed} onChange={(event) => setTyped(event.target.value)} /></div>
      <Table<Shown> pagination={kPaging} {...table} size="small" dataSource={shape ? shape(found) : (found as object[] as Shown[])} locale={{ emptyText: none }} />
    </>
  );
}
