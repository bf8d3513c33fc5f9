import type { ReactNode } from 'react';
import type { UseQueryResult } from '@tanstack/react-query';
import { PageHeader } from './PageHeader';
import { ProblemNote } from './ProblemNote';
import { Waiting } from './Waiting';

// The three states of something read from the server; `page` when it is the whole page, heading and all.
export function Loaded<T>({ query, rows, page, children }: { query: UseQueryResult<T>; rows?: number; page?: boolean; children: (data: T) => ReactNode }) {
  if (query.data !== undefined && !(query.isError && query.failureCount > 0 && query.isPlaceholderData)) return <>{children(query.data)}</>;
  if (query.isError) return <>{page && <PageHeader />}<ProblemNote error={query.error} onRetry={() => void query.refetch()} /></>;
  return <Waiting rows={rows} />;
}
