import { useLanguage } from '../../lib/texts';
import type { Fault } from './core/fault';

export function FaultLine({ fault }: { fault: Fault | undefined }) {
  const language = useLanguage();
  if (!fault) return null;
  const said = (language === 'zh' && fault.zh) || fault.what;
  return <div className="fault condition" role="alert" title={said}>{said}</div>;
}
