import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { call } from '../../api/client';
import { key } from '../../api/queries';
import type { Identity } from '../../api/schema';
import type { Policy } from './core/policy';

export const usePolicy = () => useQuery({ queryKey: key('message policy'), queryFn: () => call('showMessagePolicy') });
export const useConsents = () => useQuery({ queryKey: key('consents'), queryFn: () => call('showConsents') });
export const useConsentsOf = (who: Identity | undefined) =>
  useQuery({ queryKey: key('consents', who), queryFn: () => call('showConsentsOf', { at: { key: who?.key ?? '', value: who?.value ?? '' } }), enabled: who !== undefined, retry: false });

function useAct<Input>(what: string, act: (input: Input) => Promise<unknown>) {
  const client = useQueryClient();
  return useMutation({ mutationFn: act, onSuccess: () => Promise.all([client.invalidateQueries({ queryKey: [what] }), client.invalidateQueries({ queryKey: key('journeys') })]) });
}
export const useSetPolicy = () => useAct('message policy', (policy: Policy) => call('setMessagePolicy', { body: policy as Record<string, unknown> }));
export const useAskForPolicy = () => useAct('approvals', (policy: Policy) => call('askApproval', { at: { kind: 'policy', id: 'messages' }, body: policy as Record<string, unknown> }));
export const useHold = () => useAct('message policy', (held: boolean) => call('holdMessages', { body: { held } }));
export const useSetConsent = () => useAct('consents', (consent: { customer: Identity; channel: string; purpose: string; allowed: boolean }) => call('setConsent', { body: consent }));
