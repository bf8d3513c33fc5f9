import type { ComponentProps, ReactNode } from 'react';
import { Input } from 'antd';
import { SearchOutlined } from '@ant-design/icons';
import { useFind } from '../lib/addressText';
import { fit } from '../lib/match';
import { useTexts } from '../lib/texts';
import { ListTable } from './ListTable';
import { Nothing } from './Nothing';
import { texts } from './texts';

interface Props<Row, Shown extends object> extends Omit<ComponentProps<typeof ListTable<Shown>>, 'dataSource' | 'locale' | 'title'> {
  rows: readonly Row[];
  words: (row: Row) => (string | undefined)[]; // what a row is found by
  find: string; // says what one may type
  empty: string;
  next?: ReactNode; // what to do while there is nothing
  title?: ReactNode; // before the search
  aside?: (found: Row[]) => ReactNode; // after it
  shape?: (found: Row[]) => Shown[]; // rows that are shown otherwise than they are found
}

// A table of things that people look for: by the words of a row, in the address.
export function FoundTable<Row extends object, Shown extends object = Row>({ rows, words, find, empty, next, title, aside, shape, ...table }: Props<Row, Shown>) {
  const t = useTexts(texts);
  const [typed, setTyped] = useFind(table.list);
  const found = rows.filter((row) => fit(typed, words(row).filter((word) => word !== undefined)) > 0);
  const none = typed && rows.length > 0 ? <Nothing what={t('noMatch', { typed })} /> : <Nothing what={empty} next={next} />;
  return (
    <>
      <div className="bar seek">{title}<Input className={title ? 'push' : undefined} allowClear style={{ width: title ? 280 : 320 }} prefix={<SearchOutlined />} placeholder={find} aria-label={find} value={typed} onChange={(event) => setTyped(event.target.value)} />{aside?.(found)}</div>
      <ListTable<Shown> {...table} dataSource={shape ? shape(found) : (found as object[] as Shown[])} locale={{ emptyText: none }} />
    </>
  );
}
