import type { Fault } from './core/fault';

export function FaultLine({ fault }: { fault: Fault | undefined }) {
  return fault ? <div className="fault condition" role="alert" title={fault.what}>{fault.what}</div> : null;
}
