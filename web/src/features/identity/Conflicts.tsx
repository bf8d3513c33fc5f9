import { Link } from 'react-router-dom';
import type { Identity, Link as Refused } from '../../api/schema';
import { dateTime, exact } from '../../lib/format';
import { customerLink } from '../../lib/links';
import { useGap, useLanguage, useTexts } from '../../lib/texts';
import { FoundTable } from '../../ui/FoundTable';
import { Loaded } from '../../ui/Loaded';
import { useKindName } from '../../ui/useKindName';
import { useConflicts } from './queries';
import { texts } from './texts';

// Links that were refused, and values that were set apart: what to look at before rules are changed.
export function Conflicts() {
  const t = useTexts(texts);
  const gap = useGap();
  const language = useLanguage();
  const kind = useKindName();
  const said = ({ key, value }: Identity) => <><span className="quiet">{kind(key)}</span> {value.includes('****') ? <span className="code">{value}</span> : <Link className="code" to={customerLink(`${key}:${value}`)}>{value}</Link>}</>;
  const why = (outcome = '') => (`outcome_${outcome}` in texts.zh ? t(`outcome_${outcome}` as 'outcome_too_many_values') : outcome);
  return (
    <Loaded query={useConflicts()} rows={4}>
      {({ count = 0, refused = [], set_apart: apart = [] }) => (
        <>
          <FoundTable<Refused> list="conflicts" rowsOnPage={10} rowKey="number" rows={refused} words={({ a, b, outcome, source }) => [a.value, b.value, kind(a.key), kind(b.key), why(outcome), source]} title={<h2>{t('conflicts')} {exact(count, language)}</h2>} find={t('findConflict')} empty={t('noConflicts')} columns={[
            { title: t('when'), width: 190, className: 'nowrap', render: (_, { time }) => dateTime(Date.parse(time), language) },
            { title: t('between'), render: (_, { a, b }) => <>{said(a)} ↔ {said(b)}</> },
            { title: t('whyRefused'), width: 260, render: (_, { outcome }) => why(outcome) },
            { title: t('sources'), dataIndex: 'source', width: 140, ellipsis: true },
          ]} />
          {apart.length > 0 && <p style={{ padding: 16 }}>{t('setApart')}{gap}{apart.map((one, i) => <span key={`${one.key} ${one.value}`}>{i > 0 && ' · '}{said(one)}</span>)}</p>}
        </>
      )}
    </Loaded>
  );
}
