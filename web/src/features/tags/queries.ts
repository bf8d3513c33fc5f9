import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { call } from '../../api/client';
import { key } from '../../api/queries';
import type { DeliveryChange, Making, TagChange, TagPlaceNames } from '../../api/schema';
import { needsApproval, type Step } from './core/life';

export interface Wanted {
  q?: string;
  state?: string;
  category?: string;
  album?: string;
}

const kTypingMs = 60_000;

export const useTags = (wanted: Wanted) =>
  useQuery({ queryKey: key('tags', wanted), queryFn: () => call('listTags', { query: { ...wanted } }), placeholderData: keepPreviousData, staleTime: kTypingMs });
// Whether a making can be read, and what it gives.
export const useCheckTag = (make: Making | undefined) =>
  useQuery({ queryKey: key('tag check', make), queryFn: ({ signal }) => call('checkTag', { body: { make: make! }, signal }), enabled: make !== undefined, retry: false, staleTime: 60_000 });
// How many a rule means now.
export const useCount = (eql: string) =>
  useQuery({ queryKey: key('estimate', eql, 'count'), queryFn: ({ signal }) => call('estimateRule', { body: { eql }, signal }), placeholderData: keepPreviousData, retry: false, staleTime: 60_000 });
export const useTag = (id: string) => useQuery({ queryKey: key('tag', id), queryFn: () => call('showTag', { at: { id } }) });
export const useTagHealth = (id: string) => useQuery({ queryKey: key('tag health', id), queryFn: () => call('showTagHealth', { at: { id } }) });
export const useTagReport = () => useQuery({ queryKey: key('tag report'), queryFn: () => call('reportTags'), staleTime: kTypingMs });
// Of the newest day that has values, without one.
export const useDistribution = (id: string, day: string | undefined) =>
  useQuery({ queryKey: key('tag distribution', id, day), queryFn: () => call('distributeTag', { at: { id }, body: day ? { day } : {} }), placeholderData: keepPreviousData, retry: false });
export const useTransitions = (id: string, days: { from: string; to: string } | undefined) =>
  useQuery({ queryKey: key('tag transitions', id, days), queryFn: () => call('compareTagDays', { at: { id }, body: days! }), enabled: days !== undefined });
export const useValueOf = (id: string, who: { key: string; value: string } | undefined) =>
  useQuery({ queryKey: key('tag value', id, who), queryFn: () => call('lookUpTags', { body: { key: who!.key, values: [who!.value], tags: [id] } }), enabled: who !== undefined, retry: false });

// Changes; each makes what it touched be read again.
function useChange<Input, Output>(change: (input: Input) => Promise<Output>) {
  const client = useQueryClient();
  const touched = ['tags', 'tag', 'tag health', 'tag report', 'tag distribution', 'deliveries'];
  return useMutation({ mutationFn: change, onSettled: () => Promise.all(touched.map((name) => client.invalidateQueries({ queryKey: [name] }))) });
}

export const useTakeStep = () =>
  useChange(({ id, step, note }: { id: string; step: Step; note: string }) => {
    const body = note ? { note } : {};
    if (!needsApproval(step)) return call('stepTag', { at: { id, step }, body });
    return step === 'certify' ? call('certifyTag', { at: { id }, body }) : call('rejectTag', { at: { id }, body });
  });
export const useSaveTag = () =>
  useChange(({ id, version, ...fields }: TagChange & { id: string }) => (version === undefined ? call('createTag', { body: { id, ...fields } }) : call('changeTag', { at: { id }, body: { version, ...fields } })));
export const useNamePlaces = () => useChange((body: TagPlaceNames) => call('nameTagPlaces', { body }));
export const useRunTag = () => useChange((id: string) => call('runTag', { at: { id }, body: {} }));

export const useDeliveries = () => useQuery({ queryKey: key('deliveries'), queryFn: () => call('listDeliveries') });
export const useRetryDelivery = () => useChange((id: string) => call('retryDelivery', { at: { id } }));
export const useRunDelivery = () => useChange((id: string) => call('runDelivery', { at: { id } }));
export const usePutDelivery = () => useChange(({ id, ...body }: DeliveryChange & { id: string }) => call('putDelivery', { at: { id }, body }));
export const useRemoveDelivery = () => useChange((id: string) => call('removeDelivery', { at: { id } }));
