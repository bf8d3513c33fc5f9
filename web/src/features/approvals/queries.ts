import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { call } from '../../api/client';
import { key } from '../../api/queries';
import type { ApprovalDelegation, ApprovalVote } from '../../api/schema';

const at = (subject: string) => ({ kind: subject.slice(0, subject.indexOf('/')), id: subject.slice(subject.indexOf('/') + 1) });

export const useApproval = (subject: string) => useQuery({ queryKey: key('approval', subject), queryFn: () => call('showApproval', { at: at(subject) }), enabled: subject !== '' });

// What is in force now of the thing; nothing when it is new.
export const useInForce = (subject: string) =>
  useQuery({
    queryKey: key('in force', subject),
    enabled: subject.startsWith('journey/'),
    queryFn: async () => {
      const { id } = at(subject), { journeys } = await call('listJourneys');
      return journeys.some((one) => one.id === id) ? ((await call('showJourney', { at: { journey: id } })).definition ?? null) : null;
    },
  });

function useAct<Input>(act: (input: Input) => Promise<unknown>) {
  const client = useQueryClient();
  return useMutation({ mutationFn: act, onSuccess: () => Promise.all(['approvals', 'approval'].map((name) => client.invalidateQueries({ queryKey: [name] }))) });
}
export const useVote = (subject: string) => useAct((body: ApprovalVote) => call('voteApproval', { at: at(subject), body }));
export const useDelegate = (subject: string) => useAct((body: ApprovalDelegation) => call('delegateApproval', { at: at(subject), body }));
export const useWithdraw = (subject: string) => useAct(() => call('withdrawApproval', { at: at(subject) }));
