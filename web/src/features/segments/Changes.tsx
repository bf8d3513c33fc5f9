import type { SegmentRun } from '../../api/schema';
import { useTexts } from '../../lib/texts';
import { Num } from '../../ui/Num';
import { texts } from './texts';

// Who came and who left since the run before.
export function Changes({ run }: { run: SegmentRun | undefined }) {
  const t = useTexts(texts);
  if (run?.came === undefined) return <span className="quiet">{run ? t('firstRun') : '–'}</span>;
  if (run.came === 0 && run.left === 0) return <span className="quiet">{t('noChange')}</span>;
  return <span className="nowrap"><span className="up" title={t('came')}>+<Num value={run.came} /></span> <span className="down" title={t('gone')}>−<Num value={run.left} /></span></span>;
}
