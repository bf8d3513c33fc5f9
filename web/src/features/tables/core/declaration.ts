// A table's declaration as a form asks it.
import type { Table } from '../../../api/schema';

export type Column = Table['columns'][number];
export type Owner = 'nobody' | 'customer' | 'through';

export interface Fields {
  id: string;
  zh?: string;
  en?: string;
  owner: Owner;
  table?: string; // through which the rows are a customer's, and
  by?: string; // by which column
  key?: string[];
  columns: Column[];
}

export const kTypes = ['string', 'int', 'decimal', 'double', 'date', 'datetime', 'bool', 'list'] as const;

export const ownerOf = ({ belongs_to: owner }: Pick<Table, 'belongs_to'>): Owner => (owner === undefined ? 'nobody' : owner === 'customer' ? 'customer' : 'through');

export function fieldsOf(table: Table): Fields {
  const { id = '', zh, en, key, columns, belongs_to: owner } = table;
  return { id, zh, en, key, columns, owner: ownerOf(table), ...(typeof owner === 'object' ? { table: owner.table, by: owner.by } : {}) };
}

const said = <T extends object>(fields: T): T => Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined && value !== '')) as T;

export function changeOf({ zh, en, owner, table, by, key = [], columns }: Fields): Table {
  return said({
    zh, en, key: key.length > 0 ? key : undefined,
    belongs_to: owner === 'nobody' ? undefined : owner === 'customer' ? 'customer' as const : { table: table ?? '', by: by ?? '' },
    columns: columns.map((column) => said({ ...column, name: column.name.trim() })),
  });
}

// The tables whose columns refer to it, or whose rows are customers' through it.
export const usersOf = (id: string, tables: Table[]): string[] =>
  tables.filter(({ id: other, columns, belongs_to: owner }) => other !== id && (columns.some(({ refers }) => refers === id) || (typeof owner === 'object' && owner.table === id))).map(({ id: other = '' }) => other);
