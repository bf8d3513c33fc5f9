import { useState } from 'react';
import { App, Button, Dropdown, Tabs } from 'antd';
import { EditOutlined, IdcardOutlined, MoreOutlined, PlayCircleOutlined } from '@ant-design/icons';
import { Link, useNavigate, useParams } from 'react-router-dom';
import { useBounded, useMay, useMayWhole } from '../../api/queries';
import type { Segment } from '../../api/schema';
import { useAddressText } from '../../lib/addressText';
import { comma, dateTime, exact } from '../../lib/format';
import { kBase, link, questionLink } from '../../lib/links';
import { useLanguage, useTexts } from '../../lib/texts';
import { Code } from '../../ui/Code';
import { bareRule } from '../../rules/core/rule';
import { Loaded } from '../../ui/Loaded';
import { Nothing } from '../../ui/Nothing';
import { PageHeader } from '../../ui/PageHeader';
import { Changes } from './Changes';
import { labelOf } from '../../lib/label';
import { ExportDrawer } from './ExportDrawer';
import { Members } from './Members';
import { useRemoveSegment, useRunSegment, useSegment } from './queries';
import { SizeCurve } from './SizeCurve';
import { texts } from './texts';
import { Versions } from './Versions';

function References({ of }: { of: { kind: string; id: string }[] }) {
  const t = useTexts(texts);
  const language = useLanguage();
  if (of.length === 0) return <>–</>;
  return <>{of.map(({ kind, id }, i) => <span key={`${kind} ${id}`}>{i > 0 && comma(language)}{kind === 'segment' ? <Link to={link(`/segments/${id}`)}>{id}</Link> : kind === 'journey' ? <Link to={link(`/journeys/${id}`)}>{id}</Link> : id} <span className="quiet">{t(`kind_${kind === 'segment' || kind === 'list' || kind === 'journey' ? kind : 'other'}`)}</span></span>)}</>;
}

// A dialog stands outside of the pages: its links are the browser's.
function Users({ of }: { of: { kind: string; id: string }[] }) {
  return <ul>{of.map(({ kind, id }) => <li key={`${kind} ${id}`}><a href={`${kBase}${link(`/${kind}s/${id}`)}`}>{id}</a></li>)}</ul>;
}

function useDelete(segment: Segment) {
  const t = useTexts(texts);
  const language = useLanguage();
  const { modal, message } = App.useApp();
  const navigate = useNavigate();
  const remove = useRemoveSegment();
  const users = segment.used_by ?? [];
  const name = labelOf(segment, language);
  return () => {
    if (users.length > 0) {
      return void modal.warning({ title: t('inUse', { name }), content: <><p>{t('inUseBody')}</p><Users of={users} /></>, okText: t('close') });
    }
    void modal.confirm({
      title: t('deleteTitle', { name }), content: t('deleteBody', { versions: segment.version, runs: segment.runs?.length ?? 0 }), okText: t('delete'), okButtonProps: { danger: true }, cancelText: t('cancel'),
      onOk: () => remove.mutateAsync(segment.id).then(() => {
        void message.success(t('deleted', { name }));
        return navigate(link('/segments'));
      }),
    });
  };
}

function Actions({ segment }: { segment: Segment }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const navigate = useNavigate();
  const { message } = App.useApp();
  const run = useRunSegment();
  const [exporting, setExporting] = useState(false);
  const remove = useDelete(segment);
  const may = useMay();
  const mayRun = may('segments.change'), mayChange = useMayWhole('segments.change'), bounded = useBounded()('segments.view');
  const runNow = () => void run.mutateAsync(segment.id).then(({ count }) => message.success(count === undefined ? t('ran') : t('ranWith', { count: exact(count, language) })), (error: Error) => message.error(error.message));
  const more = [
    { key: 'overlap', label: t('overlapWith'), onClick: () => void navigate(link('/segments/overlap', { ids: segment.id })) },
    { key: 'export', label: t('export'), disabled: !(bounded || segment.runs?.length) || !may('segments.export'), onClick: () => setExporting(true) },
    { key: 'copy', label: t('copyAsNew'), disabled: !mayChange, onClick: () => void navigate(link('/segments/new', { eql: segment.eql })) },
    { type: 'divider' as const },
    { key: 'delete', label: t('delete'), danger: true, disabled: !mayChange, onClick: remove },
  ];
  return (
    <>
      {may('questions.view') && <Button icon={<IdcardOutlined />} onClick={() => void navigate(questionLink({ ask: 'portrait', groups: [{ name: segment.id, who: { eql: `IN SEGMENT ${segment.id}` } }] }))}>{t('portrait')}</Button>}
      {mayRun && <Button icon={<PlayCircleOutlined />} loading={run.isPending} onClick={runNow}>{t('runNow')}</Button>}
      {mayChange && <Button type="primary" icon={<EditOutlined />} onClick={() => void navigate(link(`/segments/${segment.id}/edit`))}>{t('editRule')}</Button>}
      <Dropdown trigger={['click']} menu={{ items: more }}><Button aria-label={t('more')} icon={<MoreOutlined />} /></Dropdown>
      {exporting && <ExportDrawer id={segment.id} name={labelOf(segment, language)} onClose={() => setExporting(false)} />}
    </>
  );
}

function Overview({ segment }: { segment: Segment }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const bounded = useBounded()('segments.view');
  const runs = segment.runs ?? [];
  const last = runs[0];
  return (
    <div className="stack">
      {bounded ? <Nothing what={t('boundedRuns')} /> : <>
      <div className="numbers three">
        <div><span className="quiet">{t('size')}</span><b>{last ? exact(last.count, language) : '–'}</b><span className="quiet">{last ? dateTime(Date.parse(last.at), language) : t('notRun')}</span></div>
        <div><span className="quiet">{t('change')}</span><b><Changes run={last} /></b><span className="quiet">{last?.came !== undefined && t('sinceBefore')}</span></div>
        <div><span className="quiet">{t('usedBy')}</span><b>{segment.used_by?.length ?? 0}</b><References of={segment.used_by ?? []} /></div>
      </div>
      {runs.length > 1 ? <SizeCurve runs={runs} /> : <Nothing what={t(runs.length === 1 ? 'runAgain' : 'runFirst')} />}
      </>}
      <div><h2>{t('rule')}</h2><Code text={bareRule(segment.eql ?? '')} /></div>
      <dl className="pairs">
        <dt>{t('uses')}</dt><dd><References of={segment.uses ?? []} /></dd>
        <dt>{t('created')}</dt><dd>{dateTime(Date.parse(segment.created ?? ''), language)}</dd>
        <dt>{t('changed')}</dt><dd>{dateTime(Date.parse(segment.changed ?? ''), language)}</dd>
      </dl>
    </div>
  );
}

function View({ segment }: { segment: Segment }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const [tab, setTab] = useAddressText('tab', 'overview');
  return (
    <>
      <PageHeader title={labelOf(segment, language)} note={<><span className="code">{segment.id}</span> · {t('version', { version: segment.version })}{segment.owner && ` · ${t('owner')} ${segment.owner}`}</>} actions={<Actions segment={segment} />} />
      <section className="panel">
        <Tabs activeKey={tab} onChange={setTab} destroyOnHidden items={[
          { key: 'overview', label: t('overview'), children: <Overview segment={segment} /> },
          { key: 'members', label: t('members'), children: <Members id={segment.id} run={segment.runs?.[0]?.run} /> },
          { key: 'versions', label: `${t('versions')} ${segment.version}`, children: <Versions segment={segment} /> },
        ]} />
      </section>
    </>
  );
}

export default function SegmentPage() {
  const { id = '' } = useParams();
  return <Loaded page query={useSegment(id)} rows={14}>{(segment) => <View key={segment.id} segment={segment} />}</Loaded>;
}
