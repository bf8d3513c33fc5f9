import { useId, useRef, type UIEvent } from 'react';
import type { Problem } from '../api/client';
import { useGap, useLanguage, useTexts } from '../lib/texts';
import { markOf } from './core/place';
import { texts } from './texts';

// The rule as text. What is wrong is underlined where it stands: a copy of the text lies behind the
// field, letter for letter, and carries the mark.
export function EqlEditor({ text, fault, onChange }: { text: string; fault: Problem | undefined; onChange: (text: string) => void }) {
  const t = useTexts(texts);
  const gap = useGap();
  const language = useLanguage();
  const behind = useRef<HTMLPreElement>(null);
  const faultId = useId();
  const mark = fault && markOf(text, fault.place);
  const follow = (event: UIEvent<HTMLTextAreaElement>) => {
    if (behind.current) behind.current.scrollTop = event.currentTarget.scrollTop;
  };
  return (
    <div>
      <div className="eql">
        <pre ref={behind} aria-hidden>{mark ? <>{text.slice(0, mark[0])}<mark>{text.slice(...mark)}</mark>{text.slice(mark[1])}</> : text}{'\n'}</pre>
        <textarea aria-label="EQL" aria-invalid={fault !== undefined} aria-describedby={faultId} spellCheck={false} value={text} placeholder={t('eqlExample')} onScroll={follow} onChange={(event) => onChange(event.target.value)} />
      </div>
      <div id={faultId} role="status" className="fault eql-fault">{fault && `${fault.place.line ? `${t('at', { line: fault.place.line, column: fault.place.column ?? 1 })}${gap}` : ''}${fault.what(language)}`}</div>
    </div>
  );
}
