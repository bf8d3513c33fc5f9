import { useEffect, useMemo, useState } from 'react';
import { App, Button, DatePicker, Input, Popover, Select, Switch } from 'antd';
import { ArrowLeftOutlined, ArrowRightOutlined, CloseOutlined, ColumnWidthOutlined, FilterOutlined, FullscreenExitOutlined, FullscreenOutlined, LinkOutlined, ReloadOutlined } from '@ant-design/icons';
import { useQueryClient } from '@tanstack/react-query';
import dayjs from 'dayjs';
import { useNavigate, useParams } from 'react-router-dom';
import { useSession } from '../../api/queries';
import type { Saved } from '../../api/schema';
import { useAddressState } from '../../lib/addressState';
import { useAddressText } from '../../lib/addressText';
import { namedIn } from '../../lib/label';
import { link } from '../../lib/links';
import { fit } from '../../lib/match';
import { useLanguage, useTexts } from '../../lib/texts';
import { Loaded } from '../../ui/Loaded';
import { Nothing } from '../../ui/Nothing';
import { PageHeader } from '../../ui/PageHeader';
import { ProblemNote } from '../../ui/ProblemNote';
import { Conditions } from './Conditions';
import { boardOf, changeOf, moved, rangeOf, type Tile } from './core/board';
import type { Condition } from './core/question';
import { useDashboard, usePutDashboard, useRemoveDashboard, useSavedQuestions } from './queries';
import { texts } from './texts';
import { TileView } from './TileView';

const kLast = ['7', '14', '30', '90', '365'];
const kEvery = { off: 0, minute: 60_000, five: 300_000 };

function RangeChoice({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const t = useTexts(texts);
  const range = rangeOf(value);
  const custom = range !== undefined && 'from' in range;
  const choose = (chosen: string) => onChange(chosen === 'custom' ? `${dayjs().subtract(7, 'day').format('YYYY-MM-DD')}..${dayjs().format('YYYY-MM-DD')}` : chosen);
  return (
    <>
      <Select aria-label={t('range')} style={{ width: 150 }} value={custom ? 'custom' : value} onChange={choose} options={[{ value: '', label: t('ownRanges') }, ...kLast.map((count) => ({ value: count, label: t('last', { count }) })), ...(range && !custom && !kLast.includes(value) ? [{ value, label: t('last', { count: value }) }] : []), { value: 'custom', label: t('custom') }]} />
      {custom && <DatePicker.RangePicker allowClear={false} style={{ width: 240 }} value={[dayjs(range.from), dayjs(range.to).subtract(1, 'day')]} onChange={(dates) => dates?.[0] && dates[1] && onChange(`${dates[0].format('YYYY-MM-DD')}..${dates[1].add(1, 'day').format('YYYY-MM-DD')}`)} />}
    </>
  );
}

// Asks everything again, now and every so often.
function useRefresh(every: number): () => void {
  const client = useQueryClient();
  const refresh = useMemo(() => () => void client.invalidateQueries({ queryKey: ['answer'] }), [client]);
  useEffect(() => {
    if (every === 0) return;
    const timer = setInterval(refresh, every);
    return () => clearInterval(timer);
  }, [every, refresh]);
  return refresh;
}

// The page alone, also where a browser does not fill the screen.
function useFull(): [boolean, (full: boolean) => void] {
  const [full, setFull] = useState(false);
  useEffect(() => {
    const onChange = () => { if (!document.fullscreenElement) setFull(false); };
    const onKey = ({ key }: KeyboardEvent) => { if (key === 'Escape') setFull(false); }; // a browser that fills no screen does nothing then
    document.addEventListener('fullscreenchange', onChange);
    document.addEventListener('keydown', onKey);
    return () => {
      document.removeEventListener('fullscreenchange', onChange);
      document.removeEventListener('keydown', onKey);
    };
  }, []);
  const set = (next: boolean) => {
    setFull(next);
    if (next) document.documentElement.requestFullscreen?.().catch(() => undefined);
    else if (document.fullscreenElement) void document.exitFullscreen();
  };
  return [full, set];
}

function Editing({ board, onDone }: { board: Saved; onDone: () => void }) {
  const t = useTexts(texts);
  const { modal } = App.useApp();
  const navigate = useNavigate();
  const saved = useSavedQuestions().data?.items ?? [];
  const put = usePutDashboard(), remove = useRemoveDashboard();
  const language = useLanguage();
  const [name, setName] = useState(board.name), [en, setEn] = useState(board.name_en ?? '');
  const [shared, setShared] = useState(board.shared);
  const [tiles, setTiles] = useState(boardOf(board).tiles);
  const left = saved.filter(({ id, shared: open }) => !tiles.some(({ question }) => question === id) && (open || !shared));
  const set = (at: number, tile: Tile | undefined) => setTiles(tiles.flatMap((old, i) => (i !== at ? [old] : tile ? [tile] : [])));
  const keep = () => put.mutate({ id: board.id, change: { ...changeOf(board, { tiles }), name: name.trim(), name_en: en.trim(), shared } }, { onSuccess: onDone });
  const ask = () => void modal.confirm({
    title: t('removeTitle', { name: namedIn(board, language) }), content: t('removeBoardBody'), okText: t('remove'), okButtonProps: { danger: true }, cancelText: t('cancel'),
    onOk: () => remove.mutateAsync(board.id).then(() => navigate(link('/analysis/dashboards'))),
  });
  return (
    <section className="panel stack">
      <div className="bar">
        <Input aria-label={t('savedName')} prefix={<span className="quiet">{t('savedName')}</span>} value={name} maxLength={60} onChange={(event) => setName(event.target.value)} style={{ width: 280 }} />
        <Input aria-label={t('savedNameEn')} prefix={<span className="quiet">{t('savedNameEn')}</span>} title={t('savedNameEnHint')} value={en} maxLength={60} onChange={(event) => setEn(event.target.value)} style={{ width: 280 }} />
        <Switch checked={shared} onChange={setShared} aria-label={t('shared')} /><span className="quiet">{t('shared')}</span>
        <Button className="push" danger onClick={ask}>{t('remove')}</Button><Button onClick={onDone}>{t('cancel')}</Button>
        <Button type="primary" disabled={name.trim() === ''} loading={put.isPending} onClick={keep}>{t('save')}</Button>
      </div>
      {put.isError && <ProblemNote error={put.error} />}
      <ol className="tiles-edited">
        {tiles.map((tile, i) => {
          const found = saved.find(({ id }) => id === tile.question), of = found ? namedIn(found, language) : tile.question;
          return (
            <li key={tile.question} className="bar">
              <span className="name">{of}</span>
              <span className="push" />
              <Button type="text" size="small" aria-label={`${t('earlierPlace')} ${of}`} disabled={i === 0} icon={<ArrowLeftOutlined />} onClick={() => setTiles(moved(tiles, i, i - 1))} />
              <Button type="text" size="small" aria-label={`${t('laterPlace')} ${of}`} disabled={i === tiles.length - 1} icon={<ArrowRightOutlined />} onClick={() => setTiles(moved(tiles, i, i + 1))} />
              <Button type="text" size="small" aria-pressed={tile.size === 'whole'} aria-label={`${t('wholeWidth')} ${of}`} icon={<ColumnWidthOutlined />} onClick={() => set(i, { ...tile, size: tile.size === 'whole' ? 'half' : 'whole' })}>{t(tile.size === 'whole' ? 'wholeWidth' : 'halfWidth')}</Button>
              <Button type="text" size="small" aria-label={`${t('remove')} ${of}`} icon={<CloseOutlined />} onClick={() => set(i, undefined)} />
            </li>
          );
        })}
      </ol>
      <Select aria-label={t('addTile')} placeholder={left.length > 0 ? t('addTile') : t('noneLeft')} disabled={left.length === 0} value={null} style={{ width: 320 }} onChange={(id: string | null) => id && setTiles([...tiles, { question: id, size: 'half' }])}
        showSearch={{ filterOption: (typed, option) => fit(typed, [String(option?.label ?? '')]) > 0 }} options={left.map((one) => ({ value: one.id, label: namedIn(one, language) }))} />
    </section>
  );
}

function View({ board }: { board: Saved }) {
  const t = useTexts(texts);
  const { message } = App.useApp();
  const person = useSession().data?.person;
  const questions = useSavedQuestions();
  const language = useLanguage();
  const [range, setRange] = useAddressText('range');
  const [who, setWho] = useAddressState<Condition[]>('who');
  const [editing, setEditing] = useAddressText('edit');
  const [again, setEvery] = useAddressText('every', 'off');
  const every = again in kEvery ? (again as keyof typeof kEvery) : 'off';
  const refresh = useRefresh(kEvery[every]);
  const [full, setFull] = useFull();
  const conditions = Array.isArray(who) ? who : [];
  const complete = conditions.filter(({ op, value }) => op.startsWith('is ') || (value !== undefined && value !== ''));
  const { tiles } = boardOf(board);
  const copy = () => void navigator.clipboard.writeText(window.location.href).then(() => message.success(t(board.shared ? 'linkCopied' : 'linkOfOwn')));
  return (
    <div className={full ? 'dashboard full' : 'dashboard'}>
      <PageHeader title={namedIn(board, language)} note={board.shared ? t('ownedBy', { owner: board.owner }) : t('isOwn')} actions={(
        <>
          <RangeChoice value={range} onChange={setRange} />
          <Popover trigger="click" placement="bottomRight" content={<div style={{ width: 380 }}><Conditions customersOnly conditions={conditions} path="who" fault={undefined} addText={t('addWho')} onChange={setWho} /></div>}>
            <Button icon={<FilterOutlined />}>{t('who')}{complete.length > 0 ? ` ${complete.length}` : ''}</Button>
          </Popover>
          <Select aria-label={t('every')} style={{ width: 120 }} value={every} onChange={setEvery} options={(Object.keys(kEvery) as (keyof typeof kEvery)[]).map((key) => ({ value: key, label: t(`every_${key}`) }))} />
          <Button icon={<ReloadOutlined />} onClick={refresh}>{t('refresh')}</Button>
          <Button icon={<LinkOutlined />} aria-label={t('copyLink')} title={t('copyLink')} onClick={copy} />
          <Button icon={full ? <FullscreenExitOutlined /> : <FullscreenOutlined />} aria-label={t(full ? 'leaveFull' : 'full')} title={t(full ? 'leaveFull' : 'full')} onClick={() => setFull(!full)} />
          {board.owner === person && !editing && !full && <Button type="primary" onClick={() => setEditing('1')}>{t('edit')}</Button>}
        </>
      )} />
      <div className="stack">
        {editing && board.owner === person && <Editing key={board.version} board={board} onDone={() => setEditing('')} />}
        <Loaded query={questions} rows={10}>
          {({ items }) => (tiles.length === 0 ? <section className="panel"><Nothing what={t('emptyBoard')} /></section> : (
            <div className="tiles">
              {tiles.map(({ question, size }) => {
                const saved = items.find(({ id }) => id === question);
                return <article key={question} className={size} aria-label={saved ? namedIn(saved, language) : question}>{saved ? <TileView saved={saved} range={rangeOf(range)} who={complete} /> : <Nothing what={t('lostTile', { id: question })} />}</article>;
              })}
            </div>
          ))}
        </Loaded>
      </div>
    </div>
  );
}

export default function DashboardPage() {
  const { id = '' } = useParams();
  return <Loaded page query={useDashboard(id)} rows={14}>{(board) => <View key={board.id} board={board} />}</Loaded>;
}
