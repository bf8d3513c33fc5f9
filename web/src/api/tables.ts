import { useQuery } from '@tanstack/react-query';
import type { Language } from '../lib/texts';
import { call } from './client';
import { key, useMay } from './queries';
import type { Table } from './schema';

// Things, and details of customers, with how many rows each has.
export const useTables = () => useQuery({ queryKey: key('tables'), queryFn: () => call('listTables'), enabled: useMay()('plan.view') });

// What a table or a column is called.
export const tableLabel = ({ id, name, zh, en }: { id?: string; name?: string; zh?: string; en?: string }, language: Language): string => (language === 'zh' ? zh || en : en || zh) || id || name || '';

export type TableColumn = Table['columns'][number];
