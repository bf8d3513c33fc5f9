import { Table as List, type TableColumnsType, type TablePaginationConfig } from 'antd';
import { tableLabel } from '../api/tables';
import type { Table } from '../api/schema';
import { comma, dateTime, exact, money } from '../lib/format';
import { useLanguage, useTexts, type Language } from '../lib/texts';
import { texts } from './texts';

type Row = Record<string, unknown>;
type Column = Table['columns'][number];

const kWide = 150;
const isNumber = ({ type }: Column) => type === 'int' || type === 'double' || type === 'decimal';

// Rows of a table under the names of its columns: numbers to the right with their separators, but for those that
// name something. A value that is masked is a text.
export function RowsTable({ table, rows, pagination, empty }: { table: Table; rows: Row[]; pagination: TablePaginationConfig | false; empty: React.ReactNode }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const names = (column: Column) => (table.key ?? []).includes(column.name) || column.refers !== undefined;
  const columns: TableColumnsType<Row> = table.columns.map((column) => ({
    title: tableLabel(column, language), dataIndex: column.name, width: kWide, ellipsis: true, align: isNumber(column) && !names(column) ? 'right' : undefined,
    render: (value: unknown) => (names(column) && value !== undefined ? <span className="code">{String(value)}</span> : say(value, column, language, (yes) => t(yes ? 'yes' : 'no'))),
  }));
  return <List<Row> size="small" rowKey={(row) => JSON.stringify(row)} dataSource={rows} columns={columns} pagination={pagination} scroll={{ x: columns.length * kWide }} locale={{ emptyText: empty }} />;
}

function say(value: unknown, column: Column, language: Language, flag: (yes: boolean) => string): React.ReactNode {
  if (value === undefined || value === null) return <span className="quiet">–</span>;
  if (Array.isArray(value)) return value.join(comma(language));
  if (typeof value === 'boolean') return flag(value);
  const number = isNumber(column) ? Number(value) : NaN;
  if (!Number.isNaN(number)) return <span className="num">{column.type === 'decimal' ? money(number, language) : exact(number, language)}</span>;
  const time = column.type === 'datetime' ? Date.parse(String(value)) : NaN;
  return Number.isNaN(time) ? String(value) : dateTime(time, language);
}
