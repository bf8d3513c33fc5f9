import { useCallback, useMemo } from 'react';
import { Table, type TableColumnsType } from 'antd';
import { useNavigate } from 'react-router-dom';
import { bucket, exact } from '../../lib/format';
import { customersLink } from '../../lib/links';
import { Chart } from '../../ui/Chart';
import { Nothing } from '../../ui/Nothing';
import { Num } from '../../ui/Num';
import { earlier, palette, series as colours } from '../../ui/palette';
import type { Picture } from '../../ui/picture';
import { behind, groupName, type TrendsAnswer, type TrendSeries } from './core/answer';
import type { TrendsQuestion } from './core/question';
import { OpenNumber } from './OpenNumber';
import { measureName } from './tables';
import { useWords, type Words } from './useWords';

const kDrawn = 8;

interface Line {
  key: string;
  label: string;
  measure: string;
  group?: unknown[];
  series: TrendSeries;
  before?: TrendSeries;
}

function linesOf(answer: TrendsAnswer, question: TrendsQuestion, words: Words): Line[] {
  const { t } = words;
  const label = (name: string) => measureName(question, name, words);
  const several = question.measures.length > 1;
  const find = (by: unknown[]) => answer.compared?.groups?.find((group) => JSON.stringify(group.by) === JSON.stringify(by));
  if (!answer.groups) {
    return Object.entries(answer.everyone.measures).map(([measure, series]) => ({ key: measure, label: label(measure), measure, series, before: answer.compared?.everyone.measures[measure] }));
  }
  return answer.groups.flatMap((group) => Object.entries(group.measures).map(([measure, series]) => {
    const name = groupName(group.by, t);
    return { key: `${JSON.stringify(group.by)} ${measure}`, label: several ? `${name} · ${label(measure)}` : name, measure, group: group.by, series, before: find(group.by)?.measures[measure] };
  }));
}

const axisAt = (answer: TrendsAnswer, { language }: Words) => answer.buckets.map(({ from }) => bucket(from, answer.interval, language));

export function trendsPicture(answer: TrendsAnswer, question: TrendsQuestion, words: Words): Picture {
  const { t, language } = words;
  const lines = linesOf(answer, question, words), at = axisAt(answer, words);
  return {
    animation: false, color: colours, grid: { left: 8, right: 20, top: 36, bottom: 4, outerBoundsMode: 'same' },
    legend: { data: lines.slice(0, kDrawn).map(({ label }) => label), top: 0, left: 0, icon: 'roundRect', itemWidth: 10, itemHeight: 10, textStyle: { color: palette.quiet }, type: 'scroll' },
    tooltip: { trigger: 'axis', renderMode: 'richText', valueFormatter: (value: unknown) => (typeof value === 'number' ? exact(value, language) : '–') },
    xAxis: { type: 'category', data: at, axisTick: { show: false }, axisLine: { lineStyle: { color: palette.line } }, axisLabel: { color: palette.quiet } },
    yAxis: { type: 'value', splitLine: { lineStyle: { color: palette.line } }, axisLabel: { color: palette.quiet } },
    series: lines.slice(0, kDrawn).flatMap((line) => [
      { name: line.label, type: 'line', data: line.series.buckets, symbolSize: 6, showSymbol: at.length <= 31, lineStyle: { width: 2 }, connectNulls: false },
      ...(line.before ? [{ name: `${line.label} (${t('earlier')})`, type: 'line', data: line.before.buckets, symbol: 'none', lineStyle: { width: 1.5, type: 'dashed', color: earlier }, itemStyle: { color: earlier } }] : []),
    ]),
  };
}

// `compact`: the chart alone, for a tile of a dashboard.
export function TrendsResult({ answer, question, compact }: { answer: TrendsAnswer; question: TrendsQuestion; compact?: boolean }) {
  const words = useWords();
  const { t } = words;
  const navigate = useNavigate();
  const lines = useMemo(() => linesOf(answer, question, words), [answer, question, words]);
  const at = axisAt(answer, words);
  const option = useMemo(() => trendsPicture(answer, question, words), [answer, question, words]);
  const open = useCallback((name: string, index: number) => {
    const line = lines.find(({ label }) => label === name);
    const from = answer.buckets[index]?.from;
    if (line && from) void navigate(customersLink(behind(question, { measure: line.measure, bucket: from }, line.group)));
  }, [lines, answer, question, navigate]);
  if (lines.every(({ series }) => !series.total)) return <section className="panel"><Nothing what={t('noneInRange')} /></section>;
  const columns: TableColumnsType<Line> = [
    { title: t('measures'), dataIndex: 'label', fixed: 'left', width: 190, ellipsis: true, render: (label: string, _, index) => <><i style={{ display: 'inline-block', width: 8, height: 8, borderRadius: 2, marginRight: 8, background: colours[index % colours.length] }} />{label}</> },
    { key: 'total', title: t('total'), fixed: 'left', width: 88, align: 'right', sorter: (a, b) => (a.series.total ?? 0) - (b.series.total ?? 0), render: (_, { series }) => <b><Num value={series.total} /></b> },
    ...answer.buckets.map(({ from }, index): TableColumnsType<Line>[number] => ({
      title: at[index], align: 'right', width: 96, className: 'nowrap',
      render: (_, line) => {
        const value = line.series.buckets[index];
        return <OpenNumber empty={!value} question={behind(question, { measure: line.measure, bucket: from }, line.group)}><Num value={value} /></OpenNumber>;
      },
    })),
  ];
  if (compact) return <section className="panel"><Chart option={option} height={240} label={t('chart')} onPick={open} /></section>;
  return (
    <>
      <section className="panel"><Chart option={option} height={300} label={t('chart')} onPick={open} /></section>
      <section className="panel flush"><Table<Line> size="small" rowKey="key" dataSource={lines} columns={columns} pagination={false} scroll={{ x: 'max-content' }} /></section>
    </>
  );
}
