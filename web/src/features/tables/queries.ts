import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { call } from '../../api/client';
import { key, useMay } from '../../api/queries';
import type { Table } from '../../api/schema';

// A page of rows; `skip` is where it begins.
export const useRows = (id: string, skip: number, limit: number) =>
  useQuery({ queryKey: key('rows', id, skip, limit), queryFn: () => call('showRows', { at: { id }, query: { limit, after: skip } }), enabled: useMay()('customers.view'), placeholderData: keepPreviousData });

function useChange<Input, Output>(change: (input: Input) => Promise<Output>) {
  const client = useQueryClient();
  return useMutation({ mutationFn: change, onSettled: () => Promise.all(['tables', 'rows'].map((name) => client.invalidateQueries({ queryKey: [name] }))) });
}
export const useDeclare = () => useChange(({ id, table }: { id: string; table: Table }) => call('declareTable', { at: { id }, body: table }));
export const useRemoveTable = () => useChange((id: string) => call('removeTable', { at: { id } }));
