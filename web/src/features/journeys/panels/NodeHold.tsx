import { useMemo } from 'react';
import type { NodeStanding } from '../../../api/schema';
import { dateTime, exact, hourOf } from '../../../lib/format';
import { useLanguage, useTexts } from '../../../lib/texts';
import { Chart } from '../../../ui/Chart';
import { Loaded } from '../../../ui/Loaded';
import { palette, series as colours } from '../../../ui/palette';
import { holderWord, stayWord, type Counts } from '../holders';
import { useNodeStanding } from '../queries';
import { texts } from '../texts';

function DueChart({ due }: { due: NodeStanding['due'] }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const option = useMemo(() => ({
    animation: false, color: colours, grid: { left: 4, right: 8, top: 8, bottom: 4, outerBoundsMode: 'same' },
    tooltip: { trigger: 'axis', renderMode: 'richText', confine: true },
    xAxis: { type: 'category', data: due.map(({ from }) => hourOf(Date.parse(from), language)), axisTick: { show: false }, axisLine: { lineStyle: { color: palette.line } }, axisLabel: { color: palette.quiet, hideOverlap: true } },
    yAxis: { type: 'value', minInterval: 1, splitNumber: 3, splitLine: { lineStyle: { color: palette.line } }, axisLabel: { color: palette.quiet } },
    series: [{ name: t('dueThen'), type: 'bar', barMaxWidth: 24, data: due.map(({ count }) => count) }],
  }), [due, language, t]);
  return <Chart option={option} height={120} label={t('dueTitle')} />;
}

function Held({ title, by }: { title: string; by: NodeStanding['held'] }) {
  const t = useTexts(texts);
  const language = useLanguage();
  if (by.length === 0) return null;
  return (
    <>
      <h3>{title}</h3>
      {by.map((one) => <div key={one.by} className="pick still"><span>{holderWord(t, one.by)}</span><b className="num">{exact(one.count, language)}</b></div>)}
    </>
  );
}

function Standing({ standing: { due, each, whenever, held, messages } }: { standing: NodeStanding }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const timed = due.reduce((sum, { count }) => sum + count, 0);
  const at = (from: string) => dateTime(Date.parse(from), language);
  return (
    <>
      {(timed > 0 || whenever > 0) && <h3>{t('dueTitle')}</h3>}
      {timed > 0 && <p className="quiet">{due.length === 1 ? t(`dueWithin_${each}`, { count: exact(timed, language), from: at(due[0]!.from) }) : t(`dueBetween_${each}`, { count: exact(timed, language), from: at(due[0]!.from), last: at(due.at(-1)!.from) })}</p>}
      {due.length > 1 && <DueChart due={due} />}
      {whenever > 0 && <p className="quiet">{t('dueWhenever', { count: exact(whenever, language) })}</p>}
      <Held title={t('heldHere')} by={held} />
      <Held title={t('heldMessages')} by={messages} />
    </>
  );
}

// Until when those at a node wait, what holds them and its messages, and how long others stayed.
export function NodeHold({ journey, counts }: { journey: string; counts: Counts }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const standing = useNodeStanding(journey, counts.id);
  return (
    <>
      {counts.stay && counts.stay.p95_ms > 0 && <><h3>{t('stayTitle')}</h3><p className="quiet">{stayWord(t, counts.stay, language)}</p></>}
      <Loaded query={standing} rows={2}>{(found) => <Standing standing={found} />}</Loaded>
    </>
  );
}
