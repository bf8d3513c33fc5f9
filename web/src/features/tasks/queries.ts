import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { call } from '../../api/client';
import { key } from '../../api/queries';
import type { Step } from './core/steps';

// Asked again every half minute: journeys give new ones.
export const useTasks = (state: string, to: string) =>
  useQuery({ queryKey: key('tasks', state, to), queryFn: () => call('listTasks', { query: { state, to, limit: 1_000 }, background: true }), refetchInterval: 30_000, placeholderData: keepPreviousData });

export function useStepTask() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ task, step, note }: { task: string; step: Step; note: string }) => call('stepTask', { at: { task }, body: note ? { step, note } : { step } }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['tasks'] }),
  });
}
