// What happened to a customer in journeys, and why or why not.
import { useQuery } from '@tanstack/react-query';
import { call } from './client';
import { key } from './queries';
import type { Identity, Trace } from './schema';

export type TraceLine = Trace['trace'][number];

export const useTrace = (who: Identity) => useQuery({ queryKey: key('trace', who), queryFn: () => call('traceCustomer', { at: { key: who.key, value: who.value } }), enabled: who.value !== '' });
