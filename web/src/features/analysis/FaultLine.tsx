import type { Fault } from './core/fault';

export function FaultLine({ fault }: { fault: Fault | undefined }) {
  if (!fault) return null;
  return <div className="fault condition" role="alert" title={fault.what}>{fault.what}</div>;
}
