import type { ReactNode } from 'react';
import type { UseQueryResult } from '@tanstack/react-query';
import { ProblemNote } from './ProblemNote';
import { Waiting } from './Waiting';

// The three states of something read from the server.
export function Loaded<T>({ query, rows, children }: { query: UseQueryResult<T>; rows?: number; children: (data: T) => ReactNode }) {
  if (query.data !== undefined && !(query.isError && query.failureCount > 0 && query.isPlaceholderData)) return <>{children(query.data)}</>;
  if (query.isError) return <ProblemNote error={query.error} onRetry={() => void query.refetch()} />;
  return <Waiting rows={rows} />;
}
