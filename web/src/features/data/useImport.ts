import { useRef, useState } from 'react';
import { useQueryClient } from '@tanstack/react-query';
import { call } from '../../api/client';
import type { Csv } from '../../lib/csvRead';
import { eventsOf, importId, kChunk, typesOf, type Plan } from './core/importing';

export type Progress = { state: 'running' | 'stopped' | 'done' | 'failed'; done: number; total: number; quarantined: number; error?: unknown };

// Sends a file's rows chunk by chunk with a source's key. What is sent stays when it is stopped or fails; rows have names,
// so that the file may be sent again.
export function useImport(writeKey: string) {
  const client = useQueryClient();
  const [progress, setProgress] = useState<Progress>();
  const stopping = useRef(false);
  const start = async (plan: Plan, csv: Csv, text: string) => {
    stopping.current = false;
    const total = csv.rows.length, types = typesOf(csv), id = importId(plan, text);
    let done = 0, quarantined = 0;
    try {
      while (done < total && !stopping.current) {
        setProgress({ state: 'running', done, total, quarantined });
        const receipt = await call('collectEvents', { query: { write_key: writeKey }, body: eventsOf(plan, id, csv, types, done) });
        done = Math.min(total, done + kChunk);
        quarantined += receipt.quarantined;
      }
      setProgress({ state: done < total ? 'stopped' : 'done', done, total, quarantined });
    } catch (error) {
      setProgress({ state: 'failed', done, total, quarantined, error });
    }
    await client.invalidateQueries();
  };
  return { progress, start, stop: () => { stopping.current = true; }, reset: () => setProgress(undefined) };
}
