import { Select } from 'antd';
import { Link } from 'react-router-dom';
import { useMayWhole } from '../../api/queries';
import type { Tag, TagDistribution, TagShare } from '../../api/schema';
import { useAddressText } from '../../lib/addressText';
import { exact, percent } from '../../lib/format';
import { link } from '../../lib/links';
import { useLanguage, useTexts } from '../../lib/texts';
import { FoundTable } from '../../ui/FoundTable';
import { Loaded } from '../../ui/Loaded';
import { Nothing } from '../../ui/Nothing';
import { Num } from '../../ui/Num';
import { Transitions } from './Transitions';
import { texts } from './texts';
import { useDistribution } from './queries';

const kShown = 200; // values the server gives in one answer

// "TAG(tier) = '高'": a value as a rule says it.
const ruleOf = ({ id, type }: Tag, value: string) =>
  `TAG(${id}) ${type === 'list' ? 'HAS ANY' : '='} ${type === 'list' ? '(' : ''}${type === 'bool' ? value : `'${value.replaceAll("'", "''")}'`}${type === 'list' ? ')' : ''}`;

function Texts({ tag, of }: { tag: Tag; of: TagDistribution }) {
  const t = useTexts(texts);
  const maySelect = useMayWhole('segments.change');
  const most = Math.max(...of.values!.map(({ count = 0 }) => count), 1);
  return (
    <>
      <FoundTable<TagShare> rowKey={({ value }) => String(value)} rows={of.values!} words={({ value }) => [String(value)]} find={t('findValue')} empty={t('noValues')}
        columns={[
          { title: t('value'), dataIndex: 'value', width: 240, ellipsis: true, render: (value: string) => value || <span className="quiet">{t('emptyText')}</span> },
          { title: t('customers'), dataIndex: 'count', width: 120, align: 'right', sorter: (a, b) => (a.count ?? 0) - (b.count ?? 0), render: (count: number) => <Num value={count} /> },
          { title: t('share'), dataIndex: 'share', width: 140, align: 'right', render: (share: number) => percent(share) },
          { key: 'bar', render: (_, { count = 0 }) => <div className="meter"><i style={{ width: `${(count / most) * 100}%` }} /></div> },
          { key: 'actions', width: 110, align: 'right', render: (_, { value }) => maySelect && value && <Link to={link('/segments/new', { eql: ruleOf(tag, String(value)) })}>{t('toSegment')}</Link> },
        ]} />
      {of.values!.length >= kShown && <p className="quiet">{t('firstValues', { count: kShown })}</p>}
    </>
  );
}

function Numbers({ of }: { of: TagDistribution }) {
  const t = useTexts(texts);
  const language = useLanguage();
  return (
    <dl className="pairs">
      {of.mean !== undefined && <><dt>{t('mean')}</dt><dd className="num">{exact(of.mean, language)}</dd></>}
      {(of.deciles ?? []).map((value, i) => <FragmentPair key={i} name={t('decile', { percent: i * 10 })} value={exact(value, language)} />)}
    </dl>
  );
}

const FragmentPair = ({ name, value }: { name: string; value: string }) => <><dt>{name}</dt><dd className="num">{value}</dd></>;

// `makes`: whether the page has a button that makes values.
export function Distribution({ tag, days, makes }: { tag: Tag; days: string[]; makes: boolean }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const [day, setDay] = useAddressText('day');
  const distribution = useDistribution(tag.id, day || days[0]);
  if (days.length === 0) return <Nothing what={t(makes ? 'noValuesMake' : 'noValues')} />;
  return (
    <Loaded query={distribution} rows={8}>
      {(of) => (
        <div className="stack">
          <div className="bar">
            <Select aria-label={t('chooseDay')} style={{ width: 150 }} value={day || days[0]} onChange={setDay} options={days.map((value) => ({ value, label: value }))} />
            <span className="quiet">{t('coverage')} {percent(of.coverage ?? 0)} · {t('ofCustomers', { count: exact(of.with_value, language) })}</span>
          </div>
          {of.values ? <Texts tag={tag} of={of} /> : <Numbers of={of} />}
          <Transitions id={tag.id} days={days} day={day || days[0]!} />
        </div>
      )}
    </Loaded>
  );
}
