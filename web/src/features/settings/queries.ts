import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { call, callForFile, Problem } from '../../api/client';
import { samplesOf } from './core/metrics';

const kAgainMs = 10_000;

// Why the server takes no traffic; nothing when it does.
async function reasons(): Promise<string[]> {
  try {
    return (await call('showReady', { background: true })).reasons ?? [];
  } catch (error) {
    if (error instanceof Problem && error.code === 'not_ready') return error.place.where?.split(' ') ?? [];
    throw error;
  }
}

export const useReady = () => useQuery({ queryKey: ['ready'], queryFn: reasons, refetchInterval: kAgainMs });
export const useMetrics = () => useQuery({ queryKey: ['metrics'], queryFn: async () => samplesOf(await (await callForFile('showMetrics', { background: true })).text()), refetchInterval: kAgainMs });
export function useConfirmClock() {
  const client = useQueryClient();
  return useMutation({ mutationFn: () => call('confirmClock'), onSettled: () => Promise.all(['ready', 'metrics'].map((name) => client.invalidateQueries({ queryKey: [name] }))) });
}
