import { Table, type TableProps } from 'antd';
import type { ColumnType } from 'antd/es/table';
import { useSearchParams } from 'react-router-dom';
import { ofList, useSetAddress } from '../lib/addressText';

interface Props<Row> extends Omit<TableProps<Row>, 'columns' | 'size' | 'pagination' | 'onChange'> {
  list?: string; // its name in the address, where it is not alone on a page
  rowsOnPage?: number;
  columns: ColumnType<Row>[];
}

const kUnsorted = 'none'; // where the list has an order of its own

// A table whose page and order live in the address: "?page=3&sort=-changed".
export function ListTable<Row extends object>({ list = '', rowsOnPage = 20, columns, ...table }: Props<Row>) {
  const [query] = useSearchParams();
  const put = useSetAddress();
  const at = (what: 'page' | 'size' | 'sort') => ofList(list, what);
  const keyOf = (column: ColumnType<Row>, i: number) => String(column.key ?? column.dataIndex ?? i);
  const sort = query.get(at('sort'));
  const known = sort === kUnsorted || columns.some((column, i) => column.sorter && keyOf(column, i) === sort?.replace(/^-/, ''));
  const orderOf = (key: string) => (sort === key ? 'ascend' : sort === `-${key}` ? 'descend' : null);
  const ordered = columns.map(({ defaultSortOrder, ...column }, i) => {
    const key = keyOf(column, i);
    return column.sorter ? { ...column, key, sortOrder: known ? orderOf(key) : (defaultSortOrder ?? null) } : column;
  });
  const change: TableProps<Row>['onChange'] = (pagination, _, sorter, { action }) => {
    if (action === 'paginate') return put({ [at('page')]: pagination.current === 1 ? '' : String(pagination.current), [at('size')]: pagination.pageSize === rowsOnPage ? '' : String(pagination.pageSize) });
    const { columnKey, order } = Array.isArray(sorter) ? sorter[0]! : sorter;
    const none = columns.some(({ defaultSortOrder }) => defaultSortOrder) ? kUnsorted : '';
    return put({ [at('page')]: '', [at('sort')]: order ? `${order === 'descend' ? '-' : ''}${String(columnKey)}` : none });
  };
  const count = (what: 'page' | 'size', otherwise: number) => Math.max(1, Math.floor(Number(query.get(at(what)))) || otherwise);
  return <Table<Row> {...table} size="small" columns={ordered} onChange={change} pagination={{ current: count('page', 1), pageSize: Math.min(count('size', rowsOnPage), 100), showSizeChanger: true, hideOnSinglePage: true }} />;
}
