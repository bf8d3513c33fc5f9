import { Tag } from 'antd';
import type { Table } from '../../api/schema';
import { tableLabel } from '../../api/tables';
import { useLanguage, useTexts } from '../../lib/texts';
import { ownerOf } from './core/declaration';
import { texts } from './texts';

export const kCustomers = 'customer'; // it has no rows: its columns say which attributes name things

// Things, or whose details.
export function Owner({ table, all }: { table: Table; all: Table[] }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const owner = ownerOf(table), through = typeof table.belongs_to === 'object' ? table.belongs_to.table : '';
  return <Tag variant="filled" color={owner === 'nobody' ? undefined : 'blue'}>{t(`owner_${owner}`, { table: tableLabel(all.find(({ id }) => id === through) ?? { id: through }, language) })}</Tag>;
}
