import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { call } from '../../api/client';
import { key, useKeyOfSight } from '../../api/queries';
import type { Journey, JourneyTest } from '../../api/schema';
import type { Definition, Release } from './core/definition';

const kEvery = 3_000; // live counts

export const useJourney = (id: string | undefined, live: boolean) =>
  useQuery({ queryKey: key('journeys', id), queryFn: () => call('showJourney', { at: { journey: id ?? '' }, background: live }), enabled: id !== undefined, refetchInterval: live ? kEvery : false });
export const useCheck = (definition: Definition | undefined) =>
  useQuery({ queryKey: key('check', definition), queryFn: ({ signal }) => call('checkJourney', { body: definition as unknown as Journey, signal }), enabled: definition !== undefined, placeholderData: keepPreviousData, staleTime: 60_000, gcTime: 10_000 });
export const useAtNode = (journey: string, node: string, gone: { outcome?: string; left?: string }, enabled: boolean) =>
  useQuery({ queryKey: key('at node', journey, node, gone), queryFn: () => call('customersAtNode', { at: { journey, node }, query: gone }), enabled });
export const useNodeStanding = (journey: string, node: string) => useQuery({ queryKey: key('standing', journey, node), queryFn: () => call('showNode', { at: { journey, node }, background: true }), refetchInterval: kEvery });
export const useVersions = (journey: string) => useQuery({ queryKey: key('journeys', journey, 'versions'), queryFn: () => call('journeyVersions', { at: { journey } }) });
export const useVersion = (journey: string, version: number | undefined, since: number | undefined) =>
  useQuery({ queryKey: key('journeys', journey, 'version', version, since), queryFn: () => call('showJourneyVersion', { at: { journey, version: String(version) }, query: since ? { since } : {} }), enabled: version !== undefined });
export const useOutbox = (limit: number) => useQuery({ queryKey: key('outbox', limit), queryFn: () => call('showSandbox', { query: { limit }, background: true }), refetchInterval: kEvery });

export const useTemplates = () => useQuery({ queryKey: key('journeys', 'templates'), queryFn: () => call('listJourneyTemplates', {}) });
export const useTemplate = (id: string) => useQuery({ queryKey: key('journeys', 'templates', id), queryFn: () => call('showJourneyTemplate', { at: { id } }) });

function useChange<Input, Output>(change: (input: Input) => Promise<Output>) {
  const client = useQueryClient();
  return useMutation({ mutationFn: change, onSettled: () => Promise.all(['journeys', 'outbox'].map((name) => client.invalidateQueries({ queryKey: [name] }))) });
}

export const usePublish = () => useChange((definition: Definition) => call('publishJourney', { body: definition as unknown as Journey }));
export const useAskApproval = () => useChange((definition: Definition) => call('askApproval', { at: { kind: 'journey', id: definition.id }, body: definition as unknown as Record<string, unknown> }));
export const useSetPhase = () => useChange(({ id, phase }: { id: string; phase: string }) => call('setJourneyPhase', { at: { journey: id }, body: { phase } }));
export const useHold = () => useChange((held: boolean) => call('holdMessages', { body: { held } }));
export const useChooseWay = () => useChange(({ id, node, outcome }: { id: string; node: string; outcome: string }) => call('chooseWay', { at: { journey: id, node }, body: { outcome } }));
export const useRelease = () => useChange(({ id, release }: { id: string; release: Release }) => call('releaseJourney', { at: { journey: id }, body: { ...release } }));
export const useRehearsal = () => useMutation({ mutationFn: ({ definition, days }: { definition: Definition; days: number }) => call('rehearseJourney', { query: { days }, body: definition as unknown as Journey }) });
export const useTry = () => useMutation({ mutationKey: useKeyOfSight('try'), mutationFn: (test: Omit<JourneyTest, 'journey' | 'becomes'> & { journey: Definition; becomes: string }) => call('testJourney', { body: test as unknown as JourneyTest }) });
export const usePutTemplate = () => useChange(({ id, body }: { id: string; body: Record<string, unknown> }) => call('putJourneyTemplate', { at: { id }, body }));
export const useMake = () => useChange(({ template, body }: { template: string; body: Record<string, unknown> }) => call('makeJourney', { at: { id: template }, body }));
export const useTemplatePhase = () => useChange(({ id, phase }: { id: string; phase: string }) => call('setTemplatePhase', { at: { id }, body: { phase } }));
export const useReceipt = () => useChange((receipt: { key: string; outcome: string }) => call('giveReceipt', { body: receipt }));
