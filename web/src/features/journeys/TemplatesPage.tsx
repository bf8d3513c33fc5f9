import { useState } from 'react';
import { App, Button, Checkbox, Drawer, Input, Select } from 'antd';
import { PlusOutlined } from '@ant-design/icons';
import { Link, useNavigate } from 'react-router-dom';
import { useJourneys, useMayWhole } from '../../api/queries';
import type { JourneyTemplate } from '../../api/schema';
import { dateTime } from '../../lib/format';
import { journeyName, namedIn } from '../../lib/label';
import { link } from '../../lib/links';
import { useLanguage, useTexts } from '../../lib/texts';
import { FoundTable } from '../../ui/FoundTable';
import { Loaded } from '../../ui/Loaded';
import { Num } from '../../ui/Num';
import { PageHeader } from '../../ui/PageHeader';
import { ProblemNote } from '../../ui/ProblemNote';
import type { Definition } from './core/definition';
import { fieldWord } from './panels/ChangeList';
import { useJourney, usePutTemplate, useTemplates } from './queries';
import { texts } from './texts';

// What a branch may usefully say of its own, of everything the journey has.
const kOfJourney = ['entry.filter', 'entry_cap_daily', 'priority', 'sends_per_second'];
const kOfNode = ['text', 'for', 'until', 'timeout', 'price', 'time_to_live', 'channel'];

function placesOf(definition: Definition): string[] {
  const inNodes = definition.nodes.flatMap((node) => kOfNode.filter((field) => node[field] !== undefined).map((field) => `nodes.${node.id}.${field}`));
  return [...kOfJourney, ...inNodes];
}

// A template out of a journey that runs, with what it leaves open.
function NewTemplate({ onDone }: { onDone: () => void }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const { message } = App.useApp();
  const journeys = useJourneys();
  const [from, setFrom] = useState<string>();
  const [id, setId] = useState('');
  const [name, setName] = useState(''), [english, setEnglish] = useState('');
  const [open, setOpen] = useState<string[]>([]);
  const journey = useJourney(from, false);
  const put = usePutTemplate();
  const definition = journey.data?.definition as Definition | undefined;
  const wordOf = (place: string) => {
    const node = definition?.nodes.find((one) => place.startsWith(`nodes.${one.id}.`));
    return node ? `${node.note || t(`kind_${node.type}`)} ${node.id} · ${fieldWord(t, place.slice(`nodes.${node.id}.`.length))}` : fieldWord(t, place);
  };
  const save = () => {
    const { id: _id, template: _template, release: _release, ...rest } = definition as Definition & { template?: unknown; release?: unknown };
    const body = { name: name || id, name_en: english.trim(), journey: rest, open: open.map((path) => ({ path, name: wordOf(path) })) };
    void put.mutateAsync({ id, body }).then(() => { void message.success(t('templateKept')); onDone(); });
  };
  return (
    <Drawer open size={520} title={t('newTemplate')} onClose={onDone} extra={<Button type="primary" loading={put.isPending} disabled={!definition || !id} onClick={save}>{t('keepTemplate')}</Button>}>
      <div className="stack">
        <div className="setting"><span className="label">{t('fromJourney')}</span><Select showSearch aria-label={t('fromJourney')} value={from} options={(journeys.data?.journeys ?? []).map((one) => ({ value: one.id, label: `${journeyName(one, language)} ${one.id}` }))} onChange={(next) => { setFrom(next); setId(next); setOpen([]); }} /></div>
        <div className="setting"><span className="label">{t('id')}</span><Input aria-label={t('id')} className="code" value={id} onChange={(event) => setId(event.target.value)} /></div>
        <div className="setting"><span className="label">{t('name')}</span><Input aria-label={t('name')} value={name} onChange={(event) => setName(event.target.value)} /></div>
        <div className="setting"><span className="label">{t('nameEn')}</span><Input aria-label={t('nameEn')} value={english} onChange={(event) => setEnglish(event.target.value)} /></div>
        {definition && <div className="setting"><span className="label">{t('openPlaces')}</span><Checkbox.Group className="stack tight" value={open} onChange={setOpen} options={placesOf(definition).map((place) => ({ value: place, label: wordOf(place) }))} /></div>}
        {put.isError && <ProblemNote error={put.error} />}
      </div>
    </Drawer>
  );
}

export default function TemplatesPage() {
  const t = useTexts(texts);
  const language = useLanguage();
  const navigate = useNavigate();
  const templates = useTemplates();
  const [making, setMaking] = useState(false);
  const mayChange = useMayWhole('journeys.change');
  return (
    <>
      <PageHeader title={t('templates')} note={t('templatesNote')} actions={mayChange && <Button type="primary" icon={<PlusOutlined />} onClick={() => setMaking(true)}>{t('newTemplate')}</Button>} />
      <section className="panel flush">
        <Loaded query={templates} rows={6}>
          {({ templates: all }) => (
            <FoundTable<JourneyTemplate> rowKey="id" rows={all} words={({ id, name, name_en }) => [id, name, name_en]} find={t('find')} empty={t('noTemplates')} rowClassName="opens" onRow={({ id }) => ({ onClick: () => void navigate(link(`/journeys/templates/${id}`)) })}
              columns={[
                { key: 'name', title: t('name'), sorter: (a, b) => namedIn(a, language).localeCompare(namedIn(b, language), 'zh-CN'), render: (_, one) => <Link to={link(`/journeys/templates/${one.id}`)} onClick={(event) => event.stopPropagation()}><span className="name">{namedIn(one, language)}</span> <span className="quiet code">{one.id}</span></Link> },
                { title: t('versionShort'), dataIndex: 'version', width: 80, align: 'right', render: (version: number) => `v${version}` },
                { key: 'madeOfIt', title: t('madeOfIt'), width: 120, align: 'right', sorter: (a, b) => a.journeys.length - b.journeys.length, render: (_, { journeys }) => <Num value={journeys.length} /> },
                { title: t('behind'), width: 120, align: 'right', render: (_, { journeys }) => <Num value={journeys.filter(({ offered }) => offered !== undefined).length} /> },
                { title: t('changedAt'), dataIndex: 'changed', width: 180, defaultSortOrder: 'descend', sorter: (a, b) => a.changed.localeCompare(b.changed), render: (at: string) => dateTime(Date.parse(at), language) },
              ]} />
          )}
        </Loaded>
      </section>
      {making && <NewTemplate onDone={() => setMaking(false)} />}
    </>
  );
}
