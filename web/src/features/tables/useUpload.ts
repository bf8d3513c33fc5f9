import { useRef, useState } from 'react';
import { useQueryClient } from '@tanstack/react-query';
import { call } from '../../api/client';
import type { Table } from '../../api/schema';
import { chunkOf, kChunk, lineOf, type Plan } from './core/upload';

export type Progress = { state: 'running' | 'stopped' | 'done' | 'failed'; done: number; total: number; error?: unknown; line?: number };

// Sends a file's rows chunk by chunk. What is sent stays when it is stopped or a row is refused; rows have names, so
// that the file may be sent again.
export function useUpload(table: Table) {
  const client = useQueryClient();
  const [progress, setProgress] = useState<Progress>();
  const stopping = useRef(false);
  const start = async (file: string, plan: Plan, headings: string[], rows: string[][]) => {
    stopping.current = false;
    const total = rows.length;
    let done = 0;
    try {
      for (; done < total && !stopping.current; done = Math.min(total, done + kChunk)) {
        setProgress({ state: 'running', done, total });
        await call('uploadRows', { at: { id: table.id! }, body: chunkOf(table, plan, file, headings, rows, done) });
      }
      setProgress({ state: done < total ? 'stopped' : 'done', done, total });
    } catch (error) {
      setProgress({ state: 'failed', done, total, error, line: lineOf(error instanceof Error ? error.message : '', done) });
    }
    await Promise.all(['tables', 'rows'].map((name) => client.invalidateQueries({ queryKey: [name] })));
  };
  return { progress, start, stop: () => { stopping.current = true; }, reset: () => setProgress(undefined) };
}
