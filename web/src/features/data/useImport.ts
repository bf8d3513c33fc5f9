import { useState } from 'react';
import { useQueryClient } from '@tanstack/react-query';
import { call } from '../../api/client';
import type { Csv } from '../../lib/csvRead';
import { useChunks } from '../../ui/useChunks';
import { eventsOf, importId, kChunk, typesOf, type Plan } from './core/importing';

// Sends a file's rows into a source, or the first of the project. Rows have names, so that the file may be sent again.
export function useImport(source: string | undefined) {
  const client = useQueryClient();
  const chunks = useChunks();
  const [accepted, setAccepted] = useState(0);
  const [quarantined, setQuarantined] = useState(0);
  const start = async (plan: Plan, csv: Csv, text: string) => {
    const types = typesOf(csv), id = importId(plan, text);
    setAccepted(0);
    setQuarantined(0);
    await chunks.start(csv.rows.length, kChunk, async (from) => {
      const receipt = await call('importEvents', { query: source === undefined ? {} : { source }, body: eventsOf(plan, id, csv, types, from) });
      setAccepted((before) => before + receipt.accepted);
      setQuarantined((before) => before + receipt.quarantined);
    });
    await client.invalidateQueries();
  };
  return { ...chunks, accepted, quarantined, start };
}
