import { useState } from 'react';
import { Alert, App, Button, Drawer, Input, Select, Space, Tag } from 'antd';
import { Link, useParams } from 'react-router-dom';
import { Problem } from '../../api/client';
import { useMay, useMayWhole } from '../../api/queries';
import type { JourneyTemplate } from '../../api/schema';
import { exact } from '../../lib/format';
import { namedIn } from '../../lib/label';
import { link } from '../../lib/links';
import { useLanguage, useTexts } from '../../lib/texts';
import { FoundTable } from '../../ui/FoundTable';
import { Loaded } from '../../ui/Loaded';
import { Num, Rate } from '../../ui/Num';
import { PageHeader } from '../../ui/PageHeader';
import { ProblemNote } from '../../ui/ProblemNote';
import { useMake, useTemplate, useTemplatePhase } from './queries';
import { texts } from './texts';

type Made = JourneyTemplate['journeys'][number];
type Open = NonNullable<JourneyTemplate['open']>[number];

// What the template says at a place: "nodes.hello.text".
function valueAt(journey: Record<string, unknown>, path: string): unknown {
  const nodes = (journey['nodes'] ?? []) as { id: string }[];
  const node = nodes.filter(({ id }) => path.startsWith(`nodes.${id}.`)).sort((a, b) => b.id.length - a.id.length)[0];
  const rest = node ? path.slice(`nodes.${node.id}.`.length) : path;
  return rest.split('.').reduce<unknown>((at, name) => {
    if (Array.isArray(at)) return (at as { outcome?: string }[]).find(({ outcome }) => outcome === name) ?? at[Number(name) - 1];
    return at && typeof at === 'object' ? (at as Record<string, unknown>)[name] : undefined;
  }, node ?? journey);
}

const said = (value: unknown): string => (value === undefined ? '' : typeof value === 'string' ? value : JSON.stringify(value));

// Numbers stay numbers; everything else is a text.
const typed = (text: string, before: unknown, { most, least }: Open): unknown => ([before, most, least].some((one) => typeof one === 'number') && text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : text);

function MakeDrawer({ template, made, onDone }: { template: JourneyTemplate; made: Made | undefined; onDone: () => void }) {
  const t = useTexts(texts);
  const { message } = App.useApp();
  const make = useMake();
  const [id, setId] = useState(made?.id ?? '');
  const [name, setName] = useState(made?.name ?? '');
  const [branch, setBranch] = useState(made?.branch ?? '');
  const [set, setSet] = useState<Record<string, unknown>>(made?.set ?? {});
  const journey = template.journey as Record<string, unknown>;
  const save = () => void make.mutateAsync({ template: template.id, body: { id, name, branch, set } }).then(() => { void message.success(t('published')); onDone(); }, () => undefined);
  const put = (open: Open, text: string) => setSet((old) => {
    const { [open.path]: _old, ...others } = old;
    return text === '' ? others : { ...others, [open.path]: typed(text, valueAt(journey, open.path), open) };
  });
  const bounds = ({ least, most, max_length: length }: Open) => [least !== undefined && t('atLeast', { value: said(least) }), most !== undefined && t('atMost', { value: said(most) }), length !== undefined && t('maxLength', { count: length })].filter(Boolean).join(' · ');
  return (
    <Drawer open size={520} title={made ? t('changeMade', { name: made.name || made.id }) : t('makeJourney')} onClose={onDone} extra={<Button type="primary" disabled={!id} loading={make.isPending} onClick={save}>{t('publish')}</Button>}>
      <div className="stack">
        <div className="setting"><span className="label">{t('id')}</span><Input aria-label={t('id')} className="code" disabled={made !== undefined} value={id} onChange={(event) => setId(event.target.value)} /></div>
        <div className="setting"><span className="label">{t('name')}</span><Input aria-label={t('name')} value={name} onChange={(event) => setName(event.target.value)} /></div>
        <div className="setting"><span className="label">{t('branch')}</span><Input aria-label={t('branch')} value={branch} onChange={(event) => setBranch(event.target.value)} /></div>
        {(template.open ?? []).map((open) => {
          const label = open.name || open.path;
          return (
            <div key={open.path} className="setting">
              <span className="label">{label} <span className="code">{open.path}</span></span>
              {open.one_of ? <Select allowClear aria-label={label} value={set[open.path]} placeholder={said(valueAt(journey, open.path))} options={open.one_of.map((value) => ({ value: value as string, label: said(value) }))} onChange={(value) => put(open, said(value))} />
                : <Input.TextArea rows={2} aria-label={label} value={said(set[open.path])} placeholder={said(valueAt(journey, open.path))} onChange={(event) => put(open, event.target.value)} />}
              {bounds(open) && <span className="quiet">{bounds(open)}</span>}
            </div>
          );
        })}
        <p className="quiet">{t('scopeNote')}</p>
        {make.isError && <ProblemNote error={make.error} />}
      </div>
    </Drawer>
  );
}

// A newer version of the template: taken over, without what it does not take any more.
function Offer({ template, made }: { template: JourneyTemplate; made: Made }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const { modal, message } = App.useApp();
  const make = useMake();
  const conflicts = made.conflicts ?? [];
  const ask = () => void modal.confirm({
    title: t('takeOverTitle', { name: made.name || made.id, version: made.offered! }), okText: t('takeOver'), cancelText: t('cancel'),
    content: conflicts.length > 0 ? <><p>{t('takeOverDrops')}</p><ul>{conflicts.map(({ path, message: why }) => <li key={path}><span className="code">{path}</span> {why}</li>)}</ul></> : t('takeOverBody', { count: exact(made.active, language) }),
    onOk: () => make.mutateAsync({ template: template.id, body: { id: made.id, drop: conflicts.map(({ path }) => path) } }).then(() => void message.success(t('published')), (error: unknown) => void message.error(error instanceof Problem ? error.words[language] : String(error))),
  });
  return <Space><Tag color={conflicts.length > 0 ? 'gold' : 'blue'}>{t('offered', { version: made.offered! })}</Tag>{conflicts.length > 0 && <span className="quiet">{t('conflicts', { count: conflicts.length })}</span>}<Button size="small" onClick={ask}>{t('takeOver')}</Button></Space>;
}

function Shown({ template }: { template: JourneyTemplate }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const { modal, message } = App.useApp();
  const [making, setMaking] = useState<Made | 'new'>();
  const phase = useTemplatePhase();
  const mayChange = useMay()('journeys.change'), maySetAll = useMayWhole('journeys.change');
  const setAll = (to: 'paused' | 'running') => void modal.confirm({
    title: t(to === 'paused' ? 'pauseAll' : 'resumeAll', { count: exact(template.journeys.length, language) }), okText: t(`do_${to}`), cancelText: t('cancel'),
    onOk: () => phase.mutateAsync({ id: template.id, phase: to }).then(() => void message.success(t(`phase_${to}`))),
  });
  const total = template.total;
  const numbers = total && ({ entered: total.entered, active: total.active, messages: total.messages, goals: total.conversions, spend: total.spend, revenue: total.revenue } as const);
  return (
    <>
      <PageHeader title={namedIn(template, language)} note={<><span className="code">{template.id}</span> · {t('version', { version: template.version })}</>}
        actions={mayChange && (
          <>
            {maySetAll && template.journeys.length > 0 && <Button onClick={() => setAll('paused')}>{t('do_paused')}</Button>}
            {maySetAll && template.journeys.length > 0 && <Button onClick={() => setAll('running')}>{t('do_running')}</Button>}
            <Button type="primary" onClick={() => setMaking('new')}>{t('makeJourney')}</Button>
          </>
        )} />
      <div className="stack">
        {template.journeys.some(({ offered }) => offered !== undefined) && <Alert type="info" showIcon title={t('someBehind', { count: template.journeys.filter(({ offered }) => offered !== undefined).length })} />}
        {numbers && <section className="panel"><dl className="figures">{Object.entries(numbers).map(([name, value]) => <div key={name}><dt>{t(name as keyof typeof numbers)}</dt><dd className="num">{exact(value, language)}</dd></div>)}</dl></section>}
        <section className="panel flush">
          <FoundTable<Made> rowKey="id" rows={template.journeys} words={({ id, name, branch }) => [id, name, branch]} find={t('find')} empty={t('nothingMade')}
            columns={[
              { title: t('branch'), dataIndex: 'branch', sorter: (a, b) => a.branch.localeCompare(b.branch, 'zh-CN') },
              { title: t('name'), render: (_, { id, name }) => <Link to={link(`/journeys/${id}`, { view: 'live' })}><span className="name">{name || id}</span> <span className="quiet code">{id}</span></Link> },
              { title: t('phase'), dataIndex: 'phase', width: 100, render: (one: 'running') => t(`phase_${one}`) },
              { title: t('entered'), dataIndex: 'entered', width: 110, align: 'right', sorter: (a, b) => a.entered - b.entered, defaultSortOrder: 'descend', render: (count: number) => <Num value={count} /> },
              { title: t('active'), dataIndex: 'active', width: 100, align: 'right', render: (count: number) => <Num value={count} /> },
              { title: t('messages'), dataIndex: 'messages', width: 100, align: 'right', render: (count: number) => <Num value={count} /> },
              { title: t('goals'), width: 130, align: 'right', render: (_, { conversions, entered }) => <><Num value={conversions} /> <span className="quiet"><Rate part={conversions} whole={entered} /></span></> },
              { title: t('template'), width: 260, render: (_, made) => (made.offered === undefined || !mayChange ? `v${made.version}` : <Offer template={template} made={made} />) },
              { title: '', width: 80, render: (_, made) => mayChange && <Button size="small" type="link" onClick={() => setMaking(made)}>{t('change')}</Button> },
            ]} />
        </section>
        <section className="panel"><h2>{t('openPlaces')}</h2><dl className="pairs">{(template.open ?? []).map(({ path, name }) => [<dt key={path}>{name || path}</dt>, <dd key={`${path} path`} className="code">{path}</dd>])}</dl></section>
      </div>
      {making && <MakeDrawer key={making === 'new' ? '' : making.id} template={template} made={making === 'new' ? undefined : making} onDone={() => setMaking(undefined)} />}
    </>
  );
}

export default function TemplatePage() {
  const { id } = useParams();
  const template = useTemplate(id ?? '');
  return <Loaded page query={template} rows={10}>{(one) => <Shown template={one} />}</Loaded>;
}
