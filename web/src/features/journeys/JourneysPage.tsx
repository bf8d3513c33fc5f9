import { App, Alert, Button, Tag } from 'antd';
import { CopyOutlined, MessageOutlined, PlusOutlined } from '@ant-design/icons';
import { Link, useNavigate } from 'react-router-dom';
import { useJourneys, useMayWhole } from '../../api/queries';
import type { JourneyState } from '../../api/schema';
import { journeyName } from '../../lib/label';
import { link } from '../../lib/links';
import { useLanguage, useTexts } from '../../lib/texts';
import { FoundTable } from '../../ui/FoundTable';
import { Loaded } from '../../ui/Loaded';
import { Num, Rate } from '../../ui/Num';
import { PageHeader } from '../../ui/PageHeader';
import { useHold } from './queries';
import { texts } from './texts';

const kColours: Record<string, string | undefined> = { running: 'green', paused: 'gold', stopped: undefined, archived: undefined };
const sum = (counts: Record<string, number> | undefined) => Object.values(counts ?? {}).reduce((total, count) => total + count, 0);

function Held({ held }: { held: boolean }) {
  const t = useTexts(texts);
  const { modal } = App.useApp();
  const hold = useHold();
  const ask = () => void modal.confirm({ title: t('releaseTitle'), content: t('releaseBody'), okText: t('release'), cancelText: t('cancel'), onOk: () => hold.mutateAsync(false) });
  return held ? <Alert type="warning" showIcon title={t('held')} action={<Button size="small" onClick={ask}>{t('release')}</Button>} /> : null;
}

export default function JourneysPage() {
  const t = useTexts(texts);
  const language = useLanguage();
  const navigate = useNavigate();
  const { modal } = App.useApp();
  const journeys = useJourneys();
  const hold = useHold();
  const mayChange = useMayWhole('journeys.change');
  const stopAll = () => void modal.confirm({ title: t('holdTitle'), content: t('holdBody'), okText: t('hold'), okButtonProps: { danger: true }, cancelText: t('cancel'), onOk: () => hold.mutateAsync(true) });
  return (
    <>
      <PageHeader title={t('title')} note={t('listNote')} actions={(
        <>
          {mayChange && journeys.data && !journeys.data.held && journeys.data.journeys.length > 0 && <Button danger onClick={stopAll}>{t('hold')}</Button>}
          <Button icon={<CopyOutlined />} onClick={() => void navigate(link('/journeys/templates'))}>{t('templates')}</Button>
          <Button icon={<MessageOutlined />} onClick={() => void navigate(link('/journeys/messages'))}>{t('touchLog')}</Button>
          {mayChange && <Button type="primary" icon={<PlusOutlined />} onClick={() => void navigate(link('/journeys/new'))}>{t('new')}</Button>}
        </>
      )} />
      <div className="stack">
        {journeys.data && <Held held={journeys.data.held} />}
        {journeys.data && journeys.data.unknown.length > 0 && <Alert type="warning" showIcon title={t('unknownMessages', { count: journeys.data.unknown.length })} />}
        <section className="panel flush">
          <Loaded query={journeys} rows={8}>
            {({ journeys: all }) => (
              <FoundTable<JourneyState> rowKey="id" rows={all} words={({ id, name, name_en }) => [id, name, name_en]} find={t('find')} empty={t('empty')} next={mayChange && <Button type="primary" onClick={() => void navigate(link('/journeys/new'))}>{t('new')}</Button>}
                rowClassName="opens" onRow={({ id }) => ({ onClick: () => void navigate(link(`/journeys/${id}`)) })}
                columns={[
                  { key: 'name', title: t('name'), ellipsis: true, sorter: (a, b) => journeyName(a, language).localeCompare(journeyName(b, language), 'zh-CN'), render: (_, one) => <Link to={link(`/journeys/${one.id}`)} onClick={(event) => event.stopPropagation()}><span className="name">{journeyName(one, language)}</span> <span className="quiet code">{one.id}</span></Link> },
                  { title: t('phase'), dataIndex: 'phase', width: 110, sorter: (a, b) => a.phase.localeCompare(b.phase), render: (phase: JourneyState['phase']) => <Tag variant="filled" color={kColours[phase]}>{t(`phase_${phase}`)}</Tag> },
                  { title: t('versionShort'), dataIndex: 'version', width: 80, align: 'right', render: (version: number) => `v${version}` },
                  { title: t('entered'), dataIndex: 'entered', width: 120, align: 'right', defaultSortOrder: 'descend', sorter: (a, b) => (a.entered ?? 0) - (b.entered ?? 0), render: (count: number) => <Num value={count} /> },
                  { title: t('active'), dataIndex: 'active', width: 120, align: 'right', sorter: (a, b) => (a.active ?? 0) - (b.active ?? 0), render: (count: number) => <Num value={count} /> },
                  { title: t('refused'), width: 120, align: 'right', render: (_, { rejects, entered }) => <Num value={entered === undefined ? undefined : sum(rejects)} /> },
                  { key: 'goals', title: t('goals'), width: 140, align: 'right', sorter: (a, b) => (a.conversions ?? 0) - (b.conversions ?? 0), render: (_, { conversions = 0, entered }) => entered === undefined ? <Num value={entered} /> : <><Num value={conversions} /> <span className="quiet"><Rate part={conversions} whole={entered} /></span></> },
                ]} />
            )}
          </Loaded>
        </section>
      </div>
    </>
  );
}
