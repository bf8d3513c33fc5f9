// What pages read, with the keys it is kept under.
import { useCallback } from 'react';
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { currentProject } from '../lib/links';
import { useNow } from '../lib/now';
import { call } from './client';
import { hasEvents } from './firstRun';
import type { Answer, Question, TrackingPlan } from './schema';

export const key = (...parts: unknown[]) => [...parts, currentProject()];

// What clear_ms counts from is the moment it came: clocks of browsers are wrong.
async function readSession() {
  const session = await call('showSession', { background: true });
  return { ...session, clearUntil: Date.now() + (session.clear_ms ?? 0) };
}
// Asked again twice a minute where it is `watched`: it may end while the page asks for nothing.
export const useSession = ({ watched = false } = {}) =>
  useQuery({ queryKey: ['session'], queryFn: readSession, staleTime: 60_000, refetchInterval: watched && 30_000, refetchIntervalInBackground: true });
// Whether the person who is signed in may do something: "segments.view". What one may not see is not asked for.
export function useMay(): (right: string | undefined) => boolean {
  const rights = useSession().data?.rights;
  return useCallback((right) => right === undefined || !!rights?.includes(right), [rights]);
}

// Under this right the person sees some of the customers only: what is counted over all is not told.
export function useBounded(): (right: string) => boolean {
  const bounded = useSession().data?.bounded;
  return useCallback((right) => !!bounded?.includes(right), [bounded]);
}
// May call what is about all customers.
export function useMayWhole(right: string): boolean {
  const may = useMay();
  const bounded = useBounded();
  return may(right) && !bounded(right);
}

// For how many minutes more values that are a person's are shown in clear; 0: they are masked.
export function useClearMinutes(): number {
  const { data, dataUpdatedAt } = useSession();
  const now = Math.max(useNow(1_000), dataUpdatedAt);
  return Math.max(0, Math.ceil(((data?.clearUntil ?? 0) - now) / 60_000));
}
// What is kept of a call that may show such values goes when they are masked or shown.
export const useKeyOfSight = (what: string) => [what, useClearMinutes() > 0];

export const useProjects = () => useQuery({ queryKey: ['projects'], queryFn: () => call('showProjects'), staleTime: 300_000 });
// Asked again `every` milliseconds until it is `enough`, at first until there are events: a first one shows by itself.
export const usePlan = ({ every, enough = hasEvents }: { every?: number; enough?: (plan: TrackingPlan | undefined) => boolean } = {}) =>
  useQuery({
    queryKey: key('plan'),
    queryFn: () => call('showPlan', { background: every !== undefined }),
    enabled: useMay()('plan.view'),
    staleTime: 30_000,
    refetchInterval: ({ state }) => (every && !enough(state.data) ? every : false),
  });
export const usePlanReport = () => useQuery({ queryKey: key('report'), queryFn: () => call('showPlanReport'), enabled: useMayWhole('plan.view') });
export const useSources = () => useQuery({ queryKey: key('sources'), queryFn: () => call('showSources'), enabled: useMay()('sources.view') });
export const useQuarantine = (limit: number) =>
  useQuery({ queryKey: key('quarantine', limit), queryFn: () => call('showQuarantine', { query: { limit } }), enabled: useMayWhole('events.view') });

// Asked again `every` milliseconds while there are none.
export const useSegments = ({ every }: { every?: number } = {}) =>
  useQuery({ queryKey: key('segments'), queryFn: () => call('listSegments', { background: every !== undefined }), enabled: useMay()('segments.view'), refetchInterval: ({ state }) => (every && state.data?.items.length === 0 ? every : false) });
export const useLists = () => useQuery({ queryKey: key('lists'), queryFn: () => call('listLists'), enabled: useMay()('segments.view') });
export const useTagNames = () => useQuery({ queryKey: key('tags', 'names'), queryFn: () => call('listTags'), enabled: useMay()('tags.view'), staleTime: 60_000 });
// Asked again every ten seconds: their counts live.
export const useJourneys = () => useQuery({ queryKey: key('journeys'), queryFn: () => call('listJourneys', { background: true }), refetchInterval: 10_000, enabled: useMay()('journeys.view') });

// Asked again every ten seconds: messages on their way.
export const useChannels = () => useQuery({ queryKey: key('channels'), queryFn: () => call('listChannels', { background: true }), refetchInterval: 10_000, enabled: useMayWhole('journeys.view') });

export const useTemplates = () => useQuery({ queryKey: key('templates'), queryFn: () => call('listTemplates'), enabled: useMay()('journeys.view') });

export const useAudit = (limit: number) => useQuery({ queryKey: ['audit', limit], queryFn: () => call('showAudit', { query: { limit } }), enabled: useMay()('audit.view') });
// Of the whole chain: how far the newest is, or what it found. Asked again twice a second while it goes on.
export const useAuditCheck = () => useQuery({ queryKey: ['auditCheck'], queryFn: () => call('showAuditCheck', { background: true }), refetchInterval: ({ state }) => (state.data?.state === 'running' ? 500 : false) });
export function useCheckAudit() {
  const client = useQueryClient();
  return useMutation({ mutationFn: () => call('checkAudit'), onSuccess: (check) => client.setQueryData(['auditCheck'], check) });
}

// Asked again every half minute: journeys give new ones.
export const useTasks = (state: string, to: string) =>
  useQuery({ queryKey: key('tasks', state, to), queryFn: () => call('listTasks', { query: { state, to, limit: 1_000 }, background: true }), refetchInterval: 30_000, enabled: useMay()('tasks.view'), placeholderData: keepPreviousData });

// Customers by an identity or a part of the name; of an empty text the first there are.
export const useFound = (find: string) =>
  useQuery({ queryKey: key('found', find), queryFn: ({ signal }) => call('searchCustomers', { query: find ? { find } : {}, signal }), enabled: useMay()('customers.view'), staleTime: 30_000 });

// The newest items; asked again every two seconds while `live`.
export const useRecent = (limit: number, live: boolean) =>
  useQuery({
    queryKey: key('recent', limit),
    queryFn: () => call('showRecentEvents', { query: { limit }, background: live }),
    refetchInterval: live ? 2_000 : false,
    placeholderData: keepPreviousData,
  });

// The generated type of an answer is open; who asks knows its form.
export const useAnswer = <Form,>(question: object | undefined) =>
  useQuery({
    queryKey: key('answer', question),
    queryFn: async ({ signal }) => (await call('ask', { body: question as Question, signal })) as Answer & Form,
    enabled: useMay()('questions.view') && question !== undefined,
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  });

export const useExplain = (question: object | undefined) =>
  useQuery({
    queryKey: key('explain', question),
    queryFn: ({ signal }) => call('explain', { body: question as Question, signal }),
    enabled: useMay()('questions.view') && question !== undefined,
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  });

export function useChangePlan() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (change: TrackingPlan) => call('patchPlan', { body: change }),
    onSuccess: (plan) => {
      client.setQueryData(key('plan'), plan);
      void client.invalidateQueries({ queryKey: ['report'] });
    },
  });
}
