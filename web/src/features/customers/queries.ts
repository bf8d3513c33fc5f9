import { keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { call } from '../../api/client';
import { key } from '../../api/queries';
import type { Identity } from '../../api/schema';

const kPage = 100;
const kMostTags = 500; // of one look-up

const at = (who: Identity) => ({ key: who.key, value: who.value });

export const useCustomer = (who: Identity) => useQuery({ queryKey: key('customer', who), queryFn: () => call('showCustomer', { at: at(who) }) });
export const useSegmentsOf = (who: Identity) => useQuery({ queryKey: key('segments of', who), queryFn: () => call('segmentsOfCustomer', { at: at(who) }) });

// A page of the customer's rows of a table; `skip` is where it begins.
export const useRowsOf = (who: Identity, table: string, skip: number, limit: number) =>
  useQuery({ queryKey: key('rows of', who, table, skip, limit), queryFn: () => call('showCustomerRows', { at: { ...at(who), table }, query: { limit, after: skip } }), enabled: table !== '', placeholderData: keepPreviousData });

// Every tag that has values, with the customer's.
export const useTagsOf = (who: Identity) =>
  useQuery({
    queryKey: key('tags of', who),
    queryFn: async () => {
      const tags = (await call('listTags')).items.filter(({ last_day: day }) => day !== undefined).slice(0, kMostTags);
      if (tags.length === 0) return [];
      const { items: [one], days } = await call('lookUpTags', { body: { key: who.key, values: [who.value], tags: tags.map(({ id }) => id) } });
      const values = (one?.tags ?? {}) as Record<string, unknown>, of = days as Record<string, string>;
      return tags.map((tag) => ({ ...tag, value: values[tag.id], of: of[tag.id] })).filter(({ value }) => value !== null && value !== undefined);
    },
  });

// The page of who was erased asks for them no more.
export function useErase() {
  const client = useQueryClient();
  return useMutation({ mutationFn: (who: Identity) => call('eraseCustomer', { body: who }), onSuccess: () => client.removeQueries({ predicate: ({ queryKey: [what] }) => what !== 'session' }) });
}
export function useCut() {
  const client = useQueryClient();
  return useMutation({ mutationFn: (who: Identity) => call('cutIdentity', { body: who }), onSuccess: () => client.invalidateQueries() });
}

export const useWhySame = (a: Identity, b: Identity) =>
  useQuery({ queryKey: key('why same', a, b), queryFn: () => call('explainIdentity', { at: { key: a.key, value: a.value, other_key: b.key, other_value: b.value } }) });

// The newest first; each page names where the next one begins.
export const useTimeline = (who: Identity, event: string) =>
  useInfiniteQuery({
    queryKey: key('timeline', who, event),
    queryFn: ({ pageParam }) => call('showTimeline', { at: at(who), query: { limit: kPage, ...(event ? { event } : {}), ...(pageParam ? { before: pageParam } : {}) } }),
    initialPageParam: '',
    getNextPageParam: ({ next }) => next,
  });
