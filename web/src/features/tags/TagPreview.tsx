import { Problem } from '../../api/client';
import type { Making } from '../../api/schema';
import { useSettled } from '../../lib/settled';
import { useGap, useLanguage, useTexts } from '../../lib/texts';
import { Num, Rate } from '../../ui/Num';
import { layersOf, ownRule, restRule, textOf } from './core/making';
import { useCheckTag, useCount } from './queries';
import { texts } from './texts';

function Count({ name, eql }: { name: string; eql: string }) {
  const { data } = useCount(eql);
  return <tr><td>{name}</td><td><Num value={data?.count} /></td><td>{data ? <span className="quiet"><Rate part={data.count} whole={data.everyone} /></span> : '–'}</td></tr>;
}

// What the making would give now: its faults or its type, and where rules decide, how many get each value.
// That it is `kept` as it was is well, whoever may not see what it names.
export function TagPreview({ make, ready, kept }: { make: Making; ready: boolean; kept: boolean }) {
  const t = useTexts(texts);
  const gap = useGap();
  const language = useLanguage();
  const settled = useSettled(ready ? make : undefined, 400);
  const check = useCheckTag(settled);
  const problem = check.error instanceof Problem ? check.error : undefined;
  if (!ready) return <p className="quiet">{t('previewEmpty')}</p>;
  if (kept && problem?.code === 'eql_unknown') return <p className="quiet" role="status">{t('previewHidden')}</p>;
  if (problem) return <p className="fault" role="alert">{problem.told(language)}</p>;
  if (!settled || !check.data) return null;
  const layers = layersOf(settled), rest = textOf(settled['otherwise']);
  return (
    <div className="stack tight" role="status">
      <p>{t('gives')}{gap}<b>{t(`type_${check.data.type}`)}</b></p>
      {settled.kind === 'rule' && <table className="brief"><tbody><Count name={t('yes')} eql={textOf(settled['eql'])} /></tbody></table>}
      {settled.kind === 'layers' && (
        <table className="brief"><tbody>
          {layers.map((layer, at) => <Count key={at} name={layer.value} eql={ownRule(layers, at)} />)}
          <Count name={rest || t('noValue')} eql={restRule(layers)} />
        </tbody></table>
      )}
      {settled.kind !== 'rule' && settled.kind !== 'layers' && <p className="quiet">{t('previewLater')}</p>}
    </div>
  );
}
