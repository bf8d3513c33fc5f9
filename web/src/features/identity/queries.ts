import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { call } from '../../api/client';
import { key, useKeyOfSight } from '../../api/queries';
import type { IdentityRules } from '../../api/schema';

export const useIdentityRules = () => useQuery({ queryKey: key('identity rules'), queryFn: () => call('showIdentityRules') });
export const useConflicts = () => useQuery({ queryKey: key('identity conflicts'), queryFn: () => call('showIdentityConflicts', { query: { limit: 100 } }) });
// What other rules would merge and split; changes nothing.
export const useTryRules = () => useMutation({ mutationKey: useKeyOfSight('try rules'), mutationFn: (rules: IdentityRules) => call('tryIdentityRules', { body: rules }) });
export function usePutRules() {
  const client = useQueryClient();
  return useMutation({ mutationFn: (rules: IdentityRules) => call('putIdentityRules', { body: rules }), onSuccess: () => client.invalidateQueries() }); // who is a customer changes everything
}
