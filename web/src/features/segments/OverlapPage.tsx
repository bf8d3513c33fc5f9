import { Select } from 'antd';
import { useBounded, useMayWhole, useSegments } from '../../api/queries';
import { useAddressText } from '../../lib/addressText';
import { colon, exact, percent } from '../../lib/format';
import { link } from '../../lib/links';
import { fit } from '../../lib/match';
import { useLanguage, useTexts } from '../../lib/texts';
import { Loaded } from '../../ui/Loaded';
import { Nothing } from '../../ui/Nothing';
import { Num } from '../../ui/Num';
import { PageHeader } from '../../ui/PageHeader';
import { shade } from '../../ui/palette';
import { Link } from 'react-router-dom';
import { labelOf } from '../../lib/label';
import { circles } from './core/circles';
import { useOverlap } from './queries';
import { texts } from './texts';

const kMost = 20;
const kWidth = 560, kHeight = 220;

// Two circles whose areas and common area are as the counts are. Every part opens as a rule.
function Two({ ids, names, sizes, shared }: { ids: string[]; names: string[]; sizes: [number, number]; shared: number }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const mayChange = useMayWhole('segments.change');
  const { left, right } = circles(sizes, shared, kWidth, kHeight);
  const [a, b] = ids as [string, string];
  const parts = [
    { what: t('onlyIn', { name: names[0]! }), count: sizes[0] - shared, eql: `IN SEGMENT ${a} AND NOT IN SEGMENT ${b}` },
    { what: t('inBoth'), count: shared, eql: `IN SEGMENT ${a} AND IN SEGMENT ${b}` },
    { what: t('onlyIn', { name: names[1]! }), count: sizes[1] - shared, eql: `IN SEGMENT ${b} AND NOT IN SEGMENT ${a}` },
  ];
  return (
    <div className="grid" style={{ gridTemplateColumns: `${kWidth}px minmax(0, 1fr)`, alignItems: 'center' }}>
      <svg width={kWidth} height={kHeight} role="img" aria-label={`${names.join(' / ')}${colon(language)}${exact(shared, language)}`}>
        <circle cx={left.x} cy={kHeight / 2} r={left.r} className="venn a" />
        <circle cx={right.x} cy={kHeight / 2} r={right.r} className="venn b" />
      </svg>
      <dl className="pairs">
        {parts.map(({ what, count, eql }) => [<dt key={what}>{what}</dt>, <dd key={eql}><b><Num value={count} /></b> {mayChange && count > 0 && <Link to={link('/segments/new', { eql })}>{t('toSegment')}</Link>}</dd>])}
      </dl>
    </div>
  );
}

export default function OverlapPage() {
  const t = useTexts(texts);
  const language = useLanguage();
  const segments = useSegments();
  const bounded = useBounded()('segments.view'); // and not told of runs
  const [chosen, choose] = useAddressText('ids');
  const ids = chosen.split(',').filter((id) => id !== '');
  const overlap = useOverlap(ids);
  const items = segments.data?.items ?? [];
  const nameOf = (id: string) => labelOf(items.find((item) => item.id === id) ?? { id }, language);
  return (
    <>
      <PageHeader title={t('overlap')} note={t('overlapNote')} />
      <section className="panel stack">
        <Select mode="multiple" maxCount={kMost} aria-label={t('title')} placeholder={t('chooseTwo')} value={ids} onChange={(next: string[]) => choose(next.join(','))} style={{ width: '100%' }}
          showSearch={{ filterOption: (typed, option) => fit(typed, (option as { words?: string[] } | undefined)?.words ?? []) > 0 }}
          options={items.filter(({ last_run: run }) => run || bounded).map((item) => ({ value: item.id, label: labelOf(item, language), words: [item.id, item.name_zh ?? '', item.name_en ?? ''] }))} />
        {ids.length < 2 ? <Nothing what={t('chooseTwo')} /> : (
          <Loaded query={overlap}>
            {({ segments: sizes, shared }) => (
              <>
                {sizes.length === 2 && <Two ids={sizes.map(({ id }) => id)} names={sizes.map(({ id }) => nameOf(id))} sizes={[sizes[0]!.count, sizes[1]!.count]} shared={shared[0]![1]!} />}
                <div className="scroll">
                  <table className="retention">
                    <thead><tr><th>{t('shareOfRow')}</th><th>{t('size')}</th>{sizes.map(({ id }) => <th key={id}>{nameOf(id)}</th>)}</tr></thead>
                    <tbody>
                      {sizes.map(({ id, count }, row) => (
                        <tr key={id}>
                          <td><Link to={link(`/segments/${id}`)}>{nameOf(id)}</Link></td><td className="plain"><Num value={count} /></td>
                          {sizes.map((other, column) => {
                            const common = shared[row]?.[column] ?? 0, share = count === 0 ? 0 : common / count;
                            return <td key={other.id}><span className="cell" style={shade(row === column ? 0 : share)} title={`${exact(common, language)} / ${exact(count, language)}`}>{row === column ? '–' : <>{exact(common, language)} · {percent(share)}</>}</span></td>;
                          })}
                        </tr>
                      ))}
                    </tbody>
                  </table>
                </div>
              </>
            )}
          </Loaded>
        )}
      </section>
    </>
  );
}
