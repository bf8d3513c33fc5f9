// Users, roles, organisations and keys: what pages read and change, with the keys it is kept under.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { call } from './client';
import { key, useMay } from './queries';
import type { ApprovalFlow, NewKey, OrganisationChange, RoleChange, UserChange, UserRoles } from './schema';

export const useUsers = () => useQuery({ queryKey: ['users'], queryFn: () => call('listUsers'), enabled: useMay()('users.view') });
export const useRoles = () => useQuery({ queryKey: ['roles'], queryFn: () => call('listRoles'), enabled: useMay()('roles.view') });
export const useOrganisations = () => useQuery({ queryKey: ['organisations'], queryFn: () => call('listOrganisations'), enabled: useMay()('organisations.view') });
export const useKeys = () => useQuery({ queryKey: ['keys'], queryFn: () => call('listKeys'), enabled: useMay()('keys.view') });

export const useFlows = () => useQuery({ queryKey: key('flows'), queryFn: () => call('listApprovalFlows'), enabled: useMay()('roles.view') });

// Runs `work`, then reads again what it changed.
function useChange<Asked, Answer>(kind: string, work: (asked: Asked) => Promise<Answer>) {
  const client = useQueryClient();
  return useMutation({ mutationFn: work, onSuccess: () => client.invalidateQueries({ queryKey: [kind] }) });
}

export const useCreateUser = () => useChange('users', (body: { name: string; title?: string }) => call('createUser', { body }));
export const useChangeUser = () => useChange('users', ({ name, ...body }: UserChange & { name: string }) => call('changeUser', { at: { name }, body }));
export const useSetRoles = () => useChange('users', ({ name, ...body }: UserRoles & { name: string }) => call('setRoles', { at: { name }, body }));
export const useResetPassword = () => useChange('users', (name: string) => call('resetPassword', { at: { name } }));
export const useUnlock = () => useChange('users', (name: string) => call('unlockUser', { at: { name } }));
export const useRemoveFactor = () => useChange('users', (name: string) => call('removeFactor', { at: { name } }));
export const usePutRole = () => useChange('roles', ({ id, ...body }: RoleChange & { id: string }) => call('setRole', { at: { id }, body }));
export const useRemoveRole = () => useChange('roles', (id: string) => call('removeRole', { at: { id } }));
export const usePutOrganisation = () => useChange('organisations', ({ id, ...body }: OrganisationChange & { id: string }) => call('setOrganisation', { at: { id }, body }));
export const useRemoveOrganisation = () => useChange('organisations', (id: string) => call('removeOrganisation', { at: { id } }));
export const useCreateKey = () => useChange('keys', (body: NewKey) => call('createKey', { body }));
export const useRemoveKey = () => useChange('keys', (id: string) => call('removeKey', { at: { id } }));
export const usePutFlow = () => useChange('flows', ({ kind, flow }: { kind: string; flow: ApprovalFlow }) => call('setApprovalFlow', { at: { kind }, body: flow }));
export const useRemoveFlow = () => useChange('flows', (kind: string) => call('removeApprovalFlow', { at: { kind } }));
