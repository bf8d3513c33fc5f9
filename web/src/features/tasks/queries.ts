import { useMutation, useQueryClient } from '@tanstack/react-query';
import { call } from '../../api/client';
import type { Step } from './core/steps';

export function useStepTask() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ task, step, note }: { task: string; step: Step; note: string }) => call('stepTask', { at: { task }, body: note ? { step, note } : { step } }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['tasks'] }),
  });
}
