import { useQueryClient } from '@tanstack/react-query';
import { call } from '../../api/client';
import type { Table } from '../../api/schema';
import type { Csv } from '../../lib/csvRead';
import { useChunks } from '../../ui/useChunks';
import { chunkOf, kChunk, type Plan } from './core/upload';

// Sends a file's rows. Rows have names, so that the file may be sent again.
export function useUpload(table: Table) {
  const client = useQueryClient();
  const chunks = useChunks();
  const start = async (plan: Plan, { name, headings, rows }: Csv) => {
    await chunks.start(rows.length, kChunk, async (from) => void (await call('uploadRows', { at: { id: table.id! }, body: chunkOf(table, plan, name, headings, rows, from) })));
    await Promise.all(['tables', 'rows'].map((query) => client.invalidateQueries({ queryKey: [query] })));
  };
  return { ...chunks, start };
}
