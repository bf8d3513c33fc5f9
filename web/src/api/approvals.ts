import { useQuery } from '@tanstack/react-query';
import { call } from './client';
import { key, useMayWhole } from './queries';
import type { Approval } from './schema';

// Asked again every half minute: others vote.
export const useApprovals = () =>
  useQuery({ queryKey: key('approvals'), queryFn: () => call('listApprovals', { background: true }), refetchInterval: 30_000, enabled: useMayWhole('journeys.view') });

// Whether the person is asked now: one of the level's people, not the asker, and has not voted at it.
export function waitsFor({ state, flow, level, asker, ballots }: Approval, person: string): boolean {
  const asked = flow.levels[level]?.people?.includes(person) && asker !== person;
  return state === 'open' && !!asked && !ballots.some((ballot) => ballot.level === level && ballot.person === person);
}
