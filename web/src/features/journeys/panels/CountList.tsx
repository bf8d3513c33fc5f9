import { exact } from '../../../lib/format';
import { useLanguage, useTexts } from '../../../lib/texts';
import { reasonTexts, reasonWord } from '../reasonTexts';
import { texts } from '../texts';

// Counts by reason, the largest first.
export function CountList({ title, counts }: { title: string; counts: Record<string, number> | undefined }) {
  const t = useTexts(texts);
  const says = useTexts(reasonTexts);
  const language = useLanguage();
  const rows = Object.entries(counts ?? {}).sort(([, a], [, b]) => b - a);
  return (
    <>
      <h2>{title}</h2>
      {rows.length === 0 ? <p className="quiet">{t('noneYet')}</p>
        : <dl className="pairs">{rows.map(([name, count]) => [<dt key={name}>{reasonWord(says, name)}</dt>, <dd key={`${name} count`} className="num">{exact(count, language)}</dd>])}</dl>}
    </>
  );
}
