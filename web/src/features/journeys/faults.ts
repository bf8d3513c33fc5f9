import type { JourneyCheck } from '../../api/schema';

export type Fault = JourneyCheck['faults'][number];

// By the node they stand at; "" is the journey itself.
export function byNode(faults: Fault[]): Map<string, Fault[]> {
  const found = new Map<string, Fault[]>();
  for (const fault of faults) found.set(fault.node, [...(found.get(fault.node) ?? []), fault]);
  return found;
}
