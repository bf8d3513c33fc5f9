import { Segmented } from 'antd';
import { useMemo, useState } from 'react';
import type { Approval } from '../../api/schema';
import { useTexts } from '../../lib/texts';
import { Code } from '../../ui/Code';
import { Loaded } from '../../ui/Loaded';
import { compareLines, folded } from './core/lines';
import { useInForce } from './queries';
import { texts } from './texts';

const written = (content: unknown) => JSON.stringify(content, null, 2);

function Changes({ before, after }: { before: unknown; after: unknown }) {
  const t = useTexts(texts);
  const lines = useMemo(() => folded(compareLines(written(before).split('\n'), written(after).split('\n'))), [before, after]);
  if (lines.every((line) => typeof line === 'number')) return <p className="quiet">{t('same')}</p>;
  return (
    <pre className="changes" tabIndex={0} aria-label={t('changes')}>
      {lines.map((line, i) => (typeof line === 'number'
        ? <div key={i} className="quiet">{t('folded', { count: line })}</div>
        : <div key={i} className={line.change}><span className="unseen">{line.change === 'out' ? t('linesOut') : line.change === 'in' ? t('linesIn') : ''}</span>{{ same: '  ', out: '- ', in: '+ ' }[line.change]}{line.text}</div>))}
    </pre>
  );
}

// What is asked for: against what is in force, or whole.
export function Content({ approval }: { approval: Approval }) {
  const t = useTexts(texts);
  const [whole, setWhole] = useState(false);
  const inForce = useInForce(approval.subject);
  if (!approval.subject.startsWith('journey/')) return <Code text={written(approval.content)} />;
  return (
    <Loaded query={inForce}>
      {(before) => (
        <div className="stack" style={{ gap: 8 }}>
          {before ? <Segmented value={whole} onChange={setWhole} options={[{ value: false, label: t('changes') }, { value: true, label: t('whole') }]} style={{ alignSelf: 'flex-start' }} /> : <p className="quiet">{t('isNew')}</p>}
          {before && !whole ? <Changes before={before} after={approval.content} /> : <Code text={written(approval.content)} />}
        </div>
      )}
    </Loaded>
  );
}
