import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { App, Alert, Button, ConfigProvider, Dropdown, Segmented, Tag, Tooltip } from 'antd';
import { CloudUploadOutlined, CopyOutlined, DeleteOutlined, MoreOutlined, PartitionOutlined, PauseOutlined, PlayCircleOutlined, RedoOutlined, SnippetsOutlined, UndoOutlined } from '@ant-design/icons';
import type { ReactFlowInstance } from '@xyflow/react';
import { useNavigate, useParams } from 'react-router-dom';
import { Problem } from '../../api/client';
import { useMayWhole } from '../../api/queries';
import type { JourneyCheck, JourneyState } from '../../api/schema';
import { useTrace } from '../../api/trace';
import { useAddressText } from '../../lib/addressText';
import { dateTime, exact } from '../../lib/format';
import { journeyName } from '../../lib/label';
import { currentProject, link, splitName } from '../../lib/links';
import { useSettled } from '../../lib/settled';
import { useLanguage, useTexts } from '../../lib/texts';
import { Loaded } from '../../ui/Loaded';
import { Nothing } from '../../ui/Nothing';
import { PageHeader } from '../../ui/PageHeader';
import { ProblemNote } from '../../ui/ProblemNote';
import { Canvas, kFit, kNothing } from './canvas/Canvas';
import type { Flow } from './canvas/FlowEdge';
import type { CardNode } from './canvas/NodeCard';
import { Palette } from './canvas/Palette';
import { whenOf, type Definition, type JourneyEdge, type JourneyNode, type Kind } from './core/definition';
import { firstDefinition, saveDraft } from './core/draft';
import { placed } from './core/layout';
import { byNode, faultWord, type Fault } from './faults';
import { Faults } from './fields';
import { kindOf } from './kinds';
import { sayEntry } from './sayEntry';
import { Alarms } from './panels/Alarms';
import { CountList } from './panels/CountList';
import { FlowPanel } from './panels/FlowPanel';
import { JourneySettings } from './panels/JourneySettings';
import { NodeSettings } from './panels/NodeSettings';
import { PublishDialog } from './panels/PublishDialog';
import { RehearsalPanel } from './panels/RehearsalPanel';
import { ReleasePanel } from './panels/ReleasePanel';
import { TryPanel } from './panels/TryPanel';
import { VersionsPanel } from './panels/VersionsPanel';
import { WhyPanel } from './panels/WhyPanel';
import { useAskApproval, useCheck, useJourney, usePublish, useSetPhase, useTry } from './queries';
import { texts } from './texts';
import { useEditor, useKeys, type Editor } from './useEditor';
import { useSaying } from './useSaying';

const kViews = ['design', 'try', 'rehearse', 'live', 'versions', 'why'] as const;
type View = (typeof kViews)[number];

function Phase({ state, id }: { state: JourneyState; id: string }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const { modal, message } = App.useApp();
  const set = useSetPhase();
  const ask = (phase: 'paused' | 'running' | 'stopped') => void modal.confirm({
    title: t(`ask_${phase}`, { name: journeyName(state, language) }), content: t(`ask_${phase}_body`, { count: exact(state.active ?? 0, language) }), okText: t(`do_${phase}`), cancelText: t('cancel'), okButtonProps: { danger: phase === 'stopped' },
    onOk: () => set.mutateAsync({ id, phase }).then(() => void message.success(t(`phase_${phase}`))),
  });
  const mayChange = useMayWhole('journeys.change');
  if (!mayChange || state.phase === 'stopped' || state.phase === 'archived') return null;
  return (
    <>
      {state.phase === 'running' ? <Button icon={<PauseOutlined />} onClick={() => ask('paused')}>{t('do_paused')}</Button> : <Button icon={<PlayCircleOutlined />} onClick={() => ask('running')}>{t('do_running')}</Button>}
      <Dropdown trigger={['click']} menu={{ items: [{ key: 'stop', danger: true, label: t('do_stopped'), onClick: () => ask('stopped') }] }}><Button aria-label={t('more')} icon={<MoreOutlined />} /></Dropdown>
    </>
  );
}

function Publish({ editor, state, check, ready }: { editor: Editor; state: JourneyState | undefined; check: JourneyCheck | undefined; ready: boolean }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const navigate = useNavigate();
  const { modal, message } = App.useApp();
  const publish = usePublish();
  const [asking, setAsking] = useState(false);
  const { definition } = editor;
  const faults = check?.faults ?? [];
  const mayChange = useMayWhole('journeys.change');
  const wrong = faults.filter(({ warning }) => !warning).length;
  const warnings = faults.length - wrong;
  const approval = useAskApproval();
  // Where others must say yes first, they are asked about just this.
  const askOthers = (wanted: Definition) => void modal.confirm({
    title: t('approvalTitle', { name: journeyName(definition, language) }), content: t('approvalBody'), okText: t('askApproval'), cancelText: t('cancel'),
    onOk: () => approval.mutateAsync(wanted).then(() => navigate(link('/approvals', { tab: 'asked', open: `journey/${definition.id}` })), (error: unknown) => void message.error(error instanceof Problem ? error.words[language] : String(error))),
  });
  const send = (wanted: Definition) => void publish.mutateAsync(wanted).then(() => {
    void message.success(t('published'));
    saveDraft(currentProject(), state ? definition.id : '', undefined);
    return navigate(link(`/journeys/${definition.id}`, { view: 'live' }));
  }, (error: unknown) => {
    if (error instanceof Problem && error.code === 'approval') askOthers(wanted);
  }).finally(() => setAsking(false));
  if (!mayChange) return null;
  return (
    <>
      {publish.isError && <Tooltip title={publish.error.message}><Tag color="red">{t('notPublished')}</Tag></Tooltip>}
      <Button type="primary" icon={<CloudUploadOutlined />} disabled={wrong > 0 || !ready || !editor.changed} loading={publish.isPending} title={wrong > 0 ? t('mendFirst', { count: wrong }) : undefined} onClick={() => setAsking(true)}>{t('publish')}</Button>
      {asking && <PublishDialog definition={definition} state={state} check={check} warnings={warnings} busy={publish.isPending} onClose={() => setAsking(false)} onPublish={send} />}
    </>
  );
}

function Tools({ editor, onFit }: { editor: Editor; onFit: () => void }) {
  const t = useTexts(texts);
  const { selection } = editor;
  const some = selection.nodes.size + selection.edges.size > 0;
  const tool = (label: string, keys: string, icon: React.ReactNode, act: () => void, enabled: boolean) => <Button key={label} type="text" aria-label={label} title={`${label} ${keys}`} icon={icon} disabled={!enabled} onClick={act} />;
  return (
    <div className="bar tools" role="toolbar" aria-label={t('tools')}>
      {tool(t('undo'), 'Ctrl Z', <UndoOutlined />, editor.undo, editor.canUndo)}
      {tool(t('redo'), 'Ctrl Y', <RedoOutlined />, editor.redo, editor.canRedo)}
      {tool(t('copy'), 'Ctrl C', <CopyOutlined />, editor.copySelected, selection.nodes.size > 0)}
      {tool(t('paste'), 'Ctrl V', <SnippetsOutlined />, editor.pasteCopied, true)}
      {tool(t('delete'), 'Delete', <DeleteOutlined />, editor.removeSelected, some)}
      {tool(t('arrange'), '', <PartitionOutlined />, () => { editor.arrange(); setTimeout(onFit, 50); }, true)}
    </div>
  );
}

function FaultList({ faults, onOpen }: { faults: Fault[]; onOpen: (node: string) => void }) {
  const t = useTexts(texts);
  const language = useLanguage();
  if (faults.length === 0) return <p className="quiet">{t('noFaults')}</p>;
  return (
    <ul className="faults">
      {faults.map((fault, i) => (
        <li key={i}><button type="button" className={fault.warning ? 'fault mild' : 'fault'} title={fault.message} onClick={() => onOpen(fault.node)}><b>{fault.node || t('journey')}</b> {fault.field && <span className="code">{fault.field}</span>} {faultWord(fault, language)}</button></li>
      ))}
    </ul>
  );
}

function Work({ id, published, state }: { id: string; published: Definition; state: JourneyState | undefined }) {
  const t = useTexts(texts);
  const saying = useSaying();
  const language = useLanguage();
  const { message } = App.useApp();
  const seesAll = useMayWhole('journeys.view');
  const mayChange = useMayWhole('journeys.change');
  const editor = useEditor(id, published);
  const views = kViews.filter((one) => (state || one === 'design' || one === 'try' || one === 'rehearse') && (one !== 'try' || mayChange) && (seesAll || (one !== 'rehearse' && one !== 'versions')));
  const [wanted, setView] = useAddressText('view', state ? 'live' : 'design') as [View, (view: View) => void];
  const view = views.includes(wanted) ? wanted : state ? 'live' : 'design';
  const [inAddress, putNode] = useAddressText('node');
  const [outcome, putOutcome] = useAddressText('outcome');
  const [person, putPerson] = useAddressText('who');
  const [key, value] = splitName(person);
  const trial = useTry();
  const trace = useTrace({ key, value: view === 'why' ? value : '' });
  const flow = useRef<ReactFlowInstance<CardNode, Flow>>(null);
  const editable = view === 'design' && mayChange;
  const { selection, setSelection } = editor;
  useKeys(editor, editable);

  const settled = useSettled(editor.definition, 300);
  const check = useCheck(editable ? settled : undefined);
  const faults = useMemo(() => (editable ? (check.data?.faults ?? []) : []), [check.data, editable]);
  const faultsOf = useMemo(() => byNode(faults), [faults]);
  const counts = useMemo(() => new Map((view === 'live' ? (state?.nodes ?? []) : []).map((node) => [node.id, node])), [state, view]);
  const most = useMemo(() => Math.max(1, ...[...counts.values()].flatMap(({ out = {} }) => Object.values(out))), [counts]);
  const way = useMemo(() => {
    const lines = (view === 'why' ? (trace.data?.trace ?? []) : view === 'try' ? (trial.data?.trace ?? []) : []).filter((line) => line.journey === id && line.node);
    return { nodes: new Set(lines.map(({ node }) => node)), edges: new Set(lines.filter(({ what }) => what === 'passed').map(({ node, detail }) => `${node}|${detail}`)) };
  }, [trace.data, trial.data, view, id]);
  const running = useMemo(() => placed(published), [published]);
  const shown = editable || view === 'rehearse' || view === 'try' ? editor.definition : running;

  const select = useCallback((next: typeof selection) => {
    setSelection(next);
    const [only] = next.nodes;
    putNode(next.nodes.size === 1 ? only! : '');
  }, [setSelection, putNode]);
  const open = useCallback((node: string, way?: string) => {
    select({ ...kNothing, nodes: new Set(node ? [node] : []) });
    if (way !== undefined) putOutcome(way === 'next' ? '' : way);
  }, [select, putOutcome]);
  // The address chose a node before anybody could.
  const [opened] = useState(inAddress);
  useEffect(() => { if (opened) setSelection({ ...kNothing, nodes: new Set([opened]) }); }, [opened, setSelection]);

  const nodeName = useCallback((node: string) => { const found = shown.nodes.find((one) => one.id === node); return found ? found.note || t(`kind_${found.type}`) : node; }, [shown.nodes, t]);
  const decorateNode = useCallback((node: JourneyNode) => ({
    about: node.type === 'entry' ? sayEntry(shown.entry, saying) : kindOf(node.type).summary(node, saying), faults: faultsOf.get(node.id), here: counts.get(node.id)?.here, passed: way.nodes.has(node.id) || undefined,
  }), [shown.entry, saying, faultsOf, counts, way]);
  const decorateEdge = useCallback((edge: JourneyEdge) => {
    const count = view === 'live' ? (counts.get(edge.from)?.out?.[whenOf(edge)] ?? 0) : undefined;
    return { count, share: count === undefined ? undefined : count / most, passed: way.edges.has(`${edge.from}|${whenOf(edge)}`), onOpen: () => open(edge.from, whenOf(edge)) };
  }, [view, counts, most, way, open]);

  const drop = (kind: Kind, at: { x: number; y: number }) => { if (!editor.drop(kind, at)) void message.warning(t('tooMany')); };
  const addInMiddle = (kind: Kind) => {
    const box = document.querySelector('.canvas')!.getBoundingClientRect();
    drop(kind, flow.current!.screenToFlowPosition({ x: box.x + box.width / 2, y: box.y + box.height / 2 }));
  };
  const [only] = selection.nodes;
  const chosen = selection.nodes.size === 1 ? shown.nodes.find((node) => node.id === only) : undefined;
  const chosenCounts = chosen && counts.get(chosen.id);
  const nameOf = (node: string) => {
    const found = published.nodes.find((one) => one.id === node);
    return found ? found.note || t(`kind_${found.type}`) : node;
  };
  const title = state ? journeyName(state, language) : t('newTitle');
  return (
    <div className="journey">
      <PageHeader title={title} note={state ? <><span className="code">{id}</span> · {t('version', { version: state.version ?? 0 })} · <Tag variant="filled" color={state.phase === 'running' ? 'green' : 'gold'}>{t(`phase_${state.phase}`)}</Tag>{state.entered !== undefined && t('headCounts', { entered: exact(state.entered ?? 0, language), active: exact(state.active ?? 0, language), goals: exact(state.conversions ?? 0, language) })}{(state.to_come ?? 0) > 0 && t('toCome', { left: exact(state.to_come ?? 0, language) })}</> : t('newNote')}
        actions={(
          <>
            <Segmented<View> value={view} onChange={(next) => { setView(next); setSelection(kNothing); }} options={views.map((one) => ({ value: one, label: t(`view_${one}`) }))} />
            {editor.changed && state && editable && <Button onClick={editor.discard}>{t('discard')}</Button>}
            {state && <Phase state={state} id={id} />}
            <Publish editor={editor} state={state} check={check.data} ready={editable && check.isSuccess && !check.isPlaceholderData && settled === editor.definition} />
          </>
        )} />
      {check.isError && <ProblemNote error={check.error} onRetry={() => void check.refetch()} />}
      {state?.open_runs?.map((run) => run.error !== undefined && <Alert key={run.due} type="error" showIcon title={t('runFails', { day: run.day, error: run.error, tries: run.tries ?? 1, again: dateTime(Date.parse(run.again ?? run.taken), language), until: dateTime(Date.parse(run.until), language) })} />)}
      {state?.failed_runs?.slice(-1).map((run) => run.given_up > (state.last_run?.at ?? '') && <Alert key={run.due} type="error" showIcon title={t('runGivenUp', { day: run.day, error: run.error, until: dateTime(Date.parse(run.given_up), language) })} />)}
      {state?.alarms && <Alarms alarms={state.alarms} nodeName={nodeName} />}
      {editor.changed && state && mayChange && !editable && view !== 'rehearse' && view !== 'try' && <Alert type="info" showIcon title={t('draftWaits')} />}
      <div className={`board${editable ? ' editing' : ''}`}>
        {editable && <Palette onAdd={addInMiddle} />}
        <div className="canvas">
          {editable && <Tools editor={editor} onFit={() => void flow.current?.fitView(kFit)} />}
          <Canvas key={view === 'design' ? 'design' : 'shown'} definition={shown} editable={editable} selection={selection} decorateNode={decorateNode} decorateEdge={decorateEdge} onSelect={select} onMove={editor.move} onConnect={editor.connect} onDrop={drop} onReady={(made) => { flow.current = made; }} />
        </div>
        <aside className="side" aria-label={t('settings')}>
          {view === 'try' ? <TryPanel definition={editor.definition} nodeName={nodeName} who={{ key, value }} onWho={(who) => putPerson(`${who.key}:${who.value}`)} trial={trial} /> : view === 'rehearse' ? <RehearsalPanel definition={editor.definition} /> : view === 'versions' ? <VersionsPanel id={id} names={nameOf} /> : view === 'why' ? <WhyPanel journey={id} nodeName={nodeName} who={{ key, value }} onWho={(who) => putPerson(`${who.key}:${who.value}`)} /> : view === 'live' ? (
            chosenCounts ? <><h2>{chosen.note || t(`kind_${chosen.type}`)} <span className="quiet code">{chosen.id}</span></h2><FlowPanel key={chosen.id} journey={id} counts={chosenCounts} outcome={outcome} onOutcome={putOutcome} /></> : state && <Standing id={id} definition={published} state={state} />
          ) : (
            <Faults.Provider value={faultsOf.get(chosen?.id ?? '') ?? []}>
              {selection.nodes.size > 1 ? <p>{t('selected', { count: selection.nodes.size })}</p> : (
                <ConfigProvider componentDisabled={!editable}>
                  <h2>{chosen ? t(`kind_${chosen.type}`) : t('settings')} {chosen && <span className="quiet code">{chosen.id}</span>}</h2>
                  {chosen ? <EntryFaults on={chosen.type === 'entry'} faults={faults}><NodeSettings key={chosen.id} node={chosen} definition={editor.definition} onNode={(change, renamed) => editor.setNode(chosen.id, change, renamed)} onJourney={editor.setJourney} /></EntryFaults>
                    : <JourneySettings definition={editor.definition} isNew={!state} onChange={editor.setJourney} />}
                </ConfigProvider>
              )}
              {!chosen && editable && <div className="setting"><span className="label">{t('faults', { count: faults.length })}</span><FaultList faults={faults} onOpen={open} /></div>}
            </Faults.Provider>
          )}
        </aside>
      </div>
    </div>
  );
}

// What is wrong with the entry is said of the journey, not of a node.
function EntryFaults({ on, faults, children }: { on: boolean; faults: Fault[]; children: React.ReactNode }) {
  return on ? <Faults.Provider value={faults.filter(({ node, field }) => node === '' && /^(entry|reentry|holdout)/.test(field))}>{children}</Faults.Provider> : children;
}

// Whom it is let out to, how they left, and why others did not come in.
function Standing({ id, definition, state }: { id: string; definition: Definition; state: JourneyState }) {
  const t = useTexts(texts);
  return (
    <div className="stack tight">
      <p className="quiet">{t(state.entered === undefined ? 'pickNodeAlone' : 'pickNode')}</p>
      <ReleasePanel id={id} definition={definition} state={state} />
      {state.exits && <CountList title={t('exits')} counts={state.exits} />}
      {state.rejects && <CountList title={t('rejects')} counts={state.rejects} />}
    </div>
  );
}

export default function JourneyPage() {
  const t = useTexts(texts);
  const { id } = useParams();
  const journey = useJourney(id, true);
  const [fresh] = useState(firstDefinition);
  // Counts change every few seconds; the definition is the same object while it is the same text.
  const text = JSON.stringify(journey.data?.definition ?? null);
  const published = useMemo(() => JSON.parse(text) as Definition | null, [text]);
  if (id === undefined) return <Work id="" published={fresh} state={undefined} />;
  return <Loaded page query={journey} rows={14}>{(state) => (published ? <Work key={`${id} ${state.version}`} id={id} published={published} state={state} /> : <><PageHeader /><Nothing what={t('noDefinition')} /></>)}</Loaded>;
}
