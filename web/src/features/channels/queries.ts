import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { call } from '../../api/client';
import { key, useMay } from '../../api/queries';
import type { Identity, SavedChange } from '../../api/schema';

export const useChannel = (name: string, known: boolean) => useQuery({ queryKey: key('channels', name), queryFn: () => call('showChannel', { at: { channel: name } }), enabled: known, retry: false });
export const useChannelCheck = (description: Record<string, unknown> | undefined) =>
  useQuery({ queryKey: key('channel check', description), queryFn: ({ signal }) => call('checkChannel', { body: description, signal }), enabled: description !== undefined, placeholderData: keepPreviousData, retry: false, staleTime: 60_000, gcTime: 10_000 });

function useAct<Input, Output>(what: string, act: (input: Input) => Promise<Output>) {
  const client = useQueryClient();
  return useMutation({ mutationFn: act, onSuccess: () => client.invalidateQueries({ queryKey: [what] }) });
}
// Only the list is asked again: what is gone would not be found.
function useRemove(what: string, act: (id: string) => Promise<unknown>) {
  const client = useQueryClient();
  return useMutation({ mutationFn: act, onSuccess: () => client.invalidateQueries({ queryKey: key(what), exact: true }) });
}
// Secrets go after the description that names them; those that were not typed stay as they are.
export const usePutChannel = () => useAct('channels', async ({ description, secrets }: { description: Record<string, unknown>; secrets: Record<string, string> }) => {
  const at = { channel: String(description.name) };
  const state = await call('putChannel', { at, body: description });
  return Object.keys(secrets).length > 0 ? call('setChannelSecrets', { at, body: secrets }).then(() => state) : state;
});
export const useRemoveChannel = () => useRemove('channels', (name) => call('removeChannel', { at: { channel: name } }));
export const useTryChannel = (name: string) => useMutation({ mutationFn: (message: { address: string; text: string }) => call('tryChannel', { at: { channel: name }, body: message }) });

export const useTemplate = (id: string | undefined) => useQuery({ queryKey: key('templates', id), queryFn: () => call('showTemplate', { at: { id: id ?? '' } }), enabled: id !== undefined });
export const usePutTemplate = () => useAct('templates', ({ id, change }: { id: string; change: SavedChange }) => call('putTemplate', { at: { id }, body: change }));
export const useRemoveTemplate = () => useRemove('templates', (id) => call('removeTemplate', { at: { id } }));

export interface Text {
  text: string;
  channel: string;
  category: string;
}
export const useTextCheck = (text: Text | undefined) =>
  useQuery({ queryKey: key('text check', text), queryFn: ({ signal }) => call('checkTemplate', { body: text as unknown as Record<string, unknown>, signal }), enabled: text !== undefined, placeholderData: keepPreviousData, retry: false, staleTime: 60_000, gcTime: 10_000 });
export const usePreview = (text: string, values: Record<string, unknown>, enabled: boolean) =>
  useQuery({ queryKey: key('preview', text, values), queryFn: ({ signal }) => call('previewTemplate', { body: { text, values }, signal }), enabled, placeholderData: keepPreviousData, retry: false, gcTime: 10_000 });
export const useCustomerOf = (who: Identity | undefined) =>
  useQuery({ queryKey: key('customer', who), queryFn: () => call('showCustomer', { at: { key: who?.key ?? '', value: who?.value ?? '' } }), enabled: useMay()('customers.view') && who !== undefined, retry: false });
