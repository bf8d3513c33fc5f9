import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { call } from '../../api/client';
import { key, useMay } from '../../api/queries';
import type { SavedChange } from '../../api/schema';

export const useSavedQuestions = () => useQuery({ queryKey: key('saved', 'questions'), queryFn: () => call('listQuestions'), enabled: useMay()('questions.view'), staleTime: 60_000 });
export const useDashboards = () => useQuery({ queryKey: key('saved', 'dashboards'), queryFn: () => call('listDashboards'), enabled: useMay()('questions.view') });
export const useDashboard = (id: string) => useQuery({ queryKey: key('saved', 'dashboards', id), queryFn: () => call('showDashboard', { at: { id } }) });

function useAct<Input, Output>(act: (input: Input) => Promise<Output>) {
  const client = useQueryClient();
  return useMutation({ mutationFn: act, onSuccess: () => client.invalidateQueries({ queryKey: ['saved'] }) });
}
type Put = { id: string; change: SavedChange };
export const usePutQuestion = () => useAct(({ id, change }: Put) => call('putQuestion', { at: { id }, body: change }));
export const usePutDashboard = () => useAct(({ id, change }: Put) => call('putDashboard', { at: { id }, body: change }));
export const useRemoveQuestion = () => useAct((id: string) => call('removeQuestion', { at: { id } }));
// Only the list is asked again: what is gone would not be found.
export function useRemoveDashboard() {
  const client = useQueryClient();
  return useMutation({ mutationFn: (id: string) => call('removeDashboard', { at: { id } }), onSuccess: () => client.invalidateQueries({ queryKey: key('saved', 'dashboards'), exact: true }) });
}

// Of a thing that has a name only.
export const newId = (prefix: string) => `${prefix}-${[...crypto.getRandomValues(new Uint8Array(5))].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`;
