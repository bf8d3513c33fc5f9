import { App, Button, Tabs } from 'antd';
import { EditOutlined, PlayCircleOutlined } from '@ant-design/icons';
import { Link, useNavigate, useParams } from 'react-router-dom';
import { useMayWhole, useTagNames } from '../../api/queries';
import type { Reference, Tag, TagHealth } from '../../api/schema';
import { useAddressText } from '../../lib/addressText';
import { sayCron } from '../../lib/cron';
import { comma, dateTime, day, exact, percent } from '../../lib/format';
import { albumName, categoryName, labelOf } from '../../lib/label';
import { link } from '../../lib/links';
import { useLanguage, useTexts } from '../../lib/texts';
import { Loaded } from '../../ui/Loaded';
import { PageHeader } from '../../ui/PageHeader';
import { Distribution } from './Distribution';
import { History } from './History';
import { LifeButtons } from './LifeButtons';
import { LookUp } from './LookUp';
import { Making } from './Making';
import { useRunTag, useTag, useTagHealth } from './queries';
import { LevelTag, StateTag } from './StateTag';
import { texts } from './texts';

const kPages = { segment: '/segments', tag: '/tags', journey: '/journeys' } as Record<string, string>;

function References({ of }: { of: Reference[] }) {
  const t = useTexts(texts);
  const language = useLanguage();
  if (of.length === 0) return <>{t('none')}</>;
  return <>{of.map(({ kind, id }, i) => <span key={`${kind} ${id}`}>{i > 0 && comma(language)}{kPages[kind] ? <Link to={link(`${kPages[kind]}/${id}`)}>{id}</Link> : id} <span className="quiet">{t(kind === 'segment' || kind === 'tag' || kind === 'journey' || kind === 'list' ? `kind_${kind}` : 'kind_other')}</span></span>)}</>;
}

function Numbers({ health }: { health: TagHealth }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const { coverage, with_value: count, last_day: last, age_days: age, psi, psi_against: against, level } = health;
  return (
    <div className="numbers">
      <div><span className="quiet">{t('coverage')}</span><b>{coverage === undefined ? t('none') : percent(coverage)}</b><span className="quiet">{count !== undefined && t('ofCustomers', { count: exact(count, language) })}</span></div>
      <div><span className="quiet">{t('lastDay')}</span><b>{last ? day(last, language) : t('none')}</b><span className="quiet">{age !== undefined && (age === 0 ? t('today') : t('daysAgo', { count: age }))}</span></div>
      <div><span className="quiet">{t('drift')}</span><b>{psi === undefined ? t('none') : psi.toFixed(3)}</b><span className="quiet">{against ? t('against', { day: day(against, language) }) : t('noDrift')}</span></div>
      <div><span className="quiet">{t('level')}</span><b><LevelTag level={level} /></b><span className="quiet">{health.findings.length === 0 && t('noFindings')}</span></div>
    </div>
  );
}

function Overview({ tag, health }: { tag: Tag; health: TagHealth }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const { make, schedule, refresh, categories = [], albums = [], keep_days: kept } = tag;
  const kind = (make?.kind ?? 'value') as 'value';
  const places = useTagNames().data;
  return (
    <div className="stack">
      <Numbers health={health} />
      {health.findings.length > 0 && <ul className="plain">{health.findings.map((one) => <li key={one.what}><LevelTag level={one.level as TagHealth['level']} />{language === 'zh' ? one.zh : one.en}</li>)}</ul>}
      {make && <div className="stack tight"><h2>{t('making')} <span className="quiet">{t(`makingOf_${kind}`)}</span></h2><Making make={make} /></div>}
      <dl className="pairs">
        <dt>{t('categories')}</dt><dd>{categories.map((path, i) => <span key={path}>{i > 0 && comma(language)}<Link to={link('/tags', { category: path })}>{categoryName(path, places?.categories ?? [], language)}</Link></span>)}{categories.length === 0 && t('none')}</dd>
        <dt>{t('albums')}</dt><dd>{albums.map((name, i) => <span key={name}>{i > 0 && comma(language)}<Link to={link('/tags', { album: name })}>{albumName(name, places?.albums ?? [], language)}</Link></span>)}{albums.length === 0 && t('none')}</dd>
        <dt>{t('schedule')}</dt><dd>{refresh === 'live' && <span className="quiet">{t('refreshLive')} · </span>}{schedule?.cron ? <>{sayCron(schedule.cron, language) ?? <span className="code">{schedule.cron}</span>} <span className="quiet">{schedule.zone}</span></> : t('byHand')}</dd>
        {kept !== undefined && <><dt>{t('keepDays')}</dt><dd>{t('days', { count: kept })}</dd></>}
        <dt>{t('usedBy')}</dt><dd><References of={tag.used_by ?? []} /></dd>
        <dt>{t('uses')}</dt><dd><References of={tag.uses ?? []} /></dd>
        <dt>{t('changed')}</dt><dd>{dateTime(Date.parse(tag.changed ?? ''), language)}</dd>
      </dl>
    </div>
  );
}

function RunButton({ id }: { id: string }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const { message } = App.useApp();
  const run = useRunTag();
  const go = () => void run.mutateAsync(id).then(({ day, with_value: count }) => message.success(t('ran', { day: day ?? '', count: count === undefined ? '–' : exact(count, language) })), (error: Error) => message.error(error.message));
  return <Button icon={<PlayCircleOutlined />} loading={run.isPending} onClick={go}>{t('runNow')}</Button>;
}

function View({ tag }: { tag: Tag }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const [tab, setTab] = useAddressText('tab', 'overview');
  const mayChange = useMayWhole('tags.change');
  const navigate = useNavigate();
  const health = useTagHealth(tag.id);
  const entries = tag.entries ?? [];
  const days = [...new Set(entries.filter(({ what, status }) => what === 'run' && status === 'ok').map(({ day }) => day ?? ''))].sort().reverse();
  const meaning = language === 'zh' ? tag.meaning_zh || tag.meaning_en : tag.meaning_en || tag.meaning_zh;
  const makes = mayChange && (tag.state === 'live' || tag.state === 'certified' || tag.state === 'draft') && tag.make?.kind !== 'uploaded' && tag.make?.kind !== 'model';
  return (
    <>
      <PageHeader title={labelOf(tag, language)} note={<><StateTag state={tag.state} /><span className="code">{tag.id}</span> · {tag.type && t(`type_${tag.type}`)} · {t('version', { version: tag.version })}{tag.owner && ` · ${t('owner')} ${tag.owner}`}{meaning && ` · ${meaning}`}</>}
        actions={<>{makes && <RunButton id={tag.id} />}{mayChange && tag.state !== 'retired' && <Button icon={<EditOutlined />} onClick={() => void navigate(link(`/tags/${tag.id}/edit`))}>{t('edit')}</Button>}<LifeButtons tag={tag} /></>} />
      <section className="panel">
        <Tabs activeKey={tab} onChange={setTab} destroyOnHidden items={[
          { key: 'overview', label: t('overview'), children: <Loaded query={health} rows={6}>{(found) => <Overview tag={tag} health={found} />}</Loaded> },
          { key: 'values', label: t('values'), children: <Distribution tag={tag} days={days} makes={makes} /> },
          { key: 'look', label: t('lookUp'), children: <LookUp id={tag.id} /> },
          { key: 'history', label: t('history'), children: <History entries={entries} /> },
        ]} />
      </section>
    </>
  );
}

export default function TagPage() {
  const { id = '' } = useParams();
  return <Loaded page query={useTag(id)} rows={14}>{(tag) => <View key={tag.id} tag={tag} />}</Loaded>;
}
