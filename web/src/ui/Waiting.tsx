import { useEffect, useState } from 'react';
import { Button, Skeleton } from 'antd';
import { useTexts } from '../lib/texts';
import { texts } from './texts';

// Seconds since it appeared, in steps of the given milliseconds.
function useElapsed(step: number): number {
  const [elapsed, setElapsed] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => setElapsed((old) => old + step), step);
    return () => clearInterval(timer);
  }, [step]);
  return elapsed;
}

// Nothing at first, a skeleton after 300 ms, how long it took and a way out after two seconds.
export function Waiting({ rows = 6, onCancel }: { rows?: number; onCancel?: () => void }) {
  const t = useTexts(texts);
  const elapsed = useElapsed(300);
  if (elapsed < 300) return <div style={{ minHeight: rows * 28 }} aria-busy />;
  return (
    <div role="status" className="waiting" style={{ minHeight: rows * 28 }}>
      <Skeleton active title={false} paragraph={{ rows }} />
      {elapsed >= 2_000 && (
        <p className="quiet">
          {t('slow', { seconds: Math.round(elapsed / 1_000) })}
          {onCancel && <Button size="small" type="link" onClick={onCancel}>{t('cancel')}</Button>}
        </p>
      )}
    </div>
  );
}

// For code that is on its way. It changes nothing while it stands: React draws what arrives when it has nothing
// else to do, and on a busy machine something that ticks keeps it from ever being done.
export function Arriving({ rows = 6 }: { rows?: number }) {
  return <div className="waiting late" aria-busy style={{ minHeight: rows * 28 }}><Skeleton active title={false} paragraph={{ rows }} /></div>;
}
