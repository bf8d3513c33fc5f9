import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { call } from '../api/client';
import { key } from '../api/queries';

// How many the rule means now, and each of its parts. `eql` undefined: not asked.
export const useEstimate = (eql: string | undefined) =>
  useQuery({
    queryKey: key('estimate', eql),
    queryFn: ({ signal }) => call('estimateRule', { body: { eql, explain: true }, signal }),
    enabled: eql !== undefined,
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  });

// The values that customers have of a tag, the most frequent first.
export const useTagValues = (id: string, wanted: boolean) =>
  useQuery({ queryKey: key('tag distribution', id, undefined), queryFn: () => call('distributeTag', { at: { id }, body: {} }), enabled: wanted && id !== '', staleTime: 60_000, retry: false });
