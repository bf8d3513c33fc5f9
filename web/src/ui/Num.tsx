import { exact, percent, short } from '../lib/format';
import { useLanguage } from '../lib/texts';

// A number as short as it reads well; the exact one on hover.
export function Num({ value }: { value: number | null | undefined }) {
  const language = useLanguage();
  if (value === null || value === undefined) return <span className="quiet">–</span>;
  return <span className="num" title={exact(value, language)}>{short(value, language)}</span>;
}

export function Rate({ part, whole, rate }: { part: number; whole: number; rate?: number }) {
  const language = useLanguage();
  const value = rate ?? (whole === 0 ? 0 : part / whole);
  return <span className="num" title={`${exact(part, language)} / ${exact(whole, language)}`}>{percent(value)}</span>;
}
