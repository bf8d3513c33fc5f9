import { Fragment } from 'react';
import { Table, Tooltip, type TableColumnsType } from 'antd';
import { useNavigate } from 'react-router-dom';
import { useNames } from '../../api/names';
import { comma, duration, exact, percent } from '../../lib/format';
import { customersLink } from '../../lib/links';
import { useLanguage, useTexts } from '../../lib/texts';
import { Nothing } from '../../ui/Nothing';
import { Num, Rate } from '../../ui/Num';
import { palette, series as colours } from '../../ui/palette';
import type { Picture } from '../../ui/picture';
import { behind, groupName, type FunnelAnswer } from './core/answer';
import type { FunnelQuestion } from './core/question';
import { OpenNumber } from './OpenNumber';
import { texts } from './texts';
import type { Words } from './useWords';

type Part = FunnelAnswer['everyone'];

function Bars({ part, question }: { part: Part; question: FunnelQuestion }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const names = useNames();
  const navigate = useNavigate();
  const first = part.steps[0]?.count ?? 0;
  const open = (of: object) => void navigate(customersLink(behind(question, of)));
  return (
    <div className="funnel">
      {part.steps.map((step, index) => {
        const previous = part.steps[index - 1];
        const times = part.times?.from_previous[index - 1];
        const height = (count: number) => `${first === 0 ? 0 : (count / first) * 100}%`;
        const lost = previous ? previous.count - step.count : 0;
        return (
          <Fragment key={index}>
            {previous && (
              <Tooltip title={times && times.count > 0 ? `${t('medianTime', { time: duration(times.p50_ms, language) })}${comma(language)}${t('p90', { time: duration(times.p90_ms, language) })}` : undefined}>
                <div className="between" tabIndex={0}><b>{percent(step.from_previous)}</b><span>→</span>{times && times.count > 0 && <span className="nowrap">{duration(times.p50_ms, language)}</span>}</div>
              </Tooltip>
            )}
            <div className="step">
              <div className="bars">
                <div className="column">
                  {lost > 0 && <button type="button" className="lost" style={{ height: height(lost) }} title={t('lost', { count: exact(lost, language) })} aria-label={`${names.event(step.name)} ${t('lost', { count: exact(lost, language) })}`} onClick={() => open({ step: index, dropped: true })} />}
                  {step.count > 0 && <button type="button" className="kept" style={{ height: height(step.count) }} title={t('reached', { count: exact(step.count, language) })} aria-label={`${names.event(step.name)} ${t('reached', { count: exact(step.count, language) })}`} onClick={() => open({ step: index + 1 })} />}
                </div>
              </div>
              <div className="foot">
                <span className="name" title={step.name}>{index + 1}. {names.event(step.name)}</span>
                <OpenNumber empty={step.count === 0} question={behind(question, { step: index + 1 })}><b><Num value={step.count} /></b></OpenNumber>
                <div className="quiet"><Rate part={step.count} whole={first} rate={step.from_first} />{lost > 0 && <> · <OpenNumber question={behind(question, { step: index, dropped: true })}>{t('lost', { count: exact(lost, language) })}</OpenNumber></>}</div>
              </div>
            </div>
          </Fragment>
        );
      })}
    </div>
  );
}

const kDrawn = 7;
const kFitting = 4; // steps whose columns fit beside the question; more of them scroll under the first and the last columns
const kWidths = { group: 96, step: 120, conversion: 108, halfTime: 92 };

interface Row {
  key: string;
  label: string;
  group?: unknown[];
  part: Part;
}

export function funnelPicture(answer: FunnelAnswer, _: FunnelQuestion, { t, names, language }: Words): Picture {
  const parts = [{ label: t('everyone'), part: answer.everyone }, ...(answer.groups ?? []).slice(0, kDrawn).map((group) => ({ label: groupName(group.by, t), part: group }))];
  const rate = (part: Part, index: number) => (index === 0 ? '' : `\n${percent(part.steps[index]?.from_first ?? 0)}`);
  return {
    color: colours, legend: { show: parts.length > 1, icon: 'roundRect', itemWidth: 10, itemHeight: 10, textStyle: { color: palette.quiet }, type: 'scroll' },
    xAxis: { type: 'category', data: answer.everyone.steps.map(({ name }, index) => `${index + 1}. ${names.event(name)}`), axisTick: { show: false }, axisLine: { lineStyle: { color: palette.line } }, axisLabel: { color: palette.text, interval: 0 } },
    yAxis: { type: 'value', splitLine: { lineStyle: { color: palette.line } }, axisLabel: { color: palette.quiet } },
    series: parts.map(({ label, part }) => ({ name: label, type: 'bar', barMaxWidth: 72, data: part.steps.map(({ count }) => count), label: { show: parts.length === 1, position: 'top', formatter: ({ dataIndex, value }: { dataIndex: number; value: number }) => `${exact(value, language)}${rate(part, dataIndex)}` } })),
  };
}

// `compact`: the bars alone, for a tile of a dashboard.
export function FunnelResult({ answer, question, compact }: { answer: FunnelAnswer; question: FunnelQuestion; compact?: boolean }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const names = useNames();
  const { everyone } = answer;
  if (!everyone.steps[0]?.count) return <section className="panel"><Nothing what={t('noneInRange')} /></section>;
  const last = everyone.steps.at(-1)!;
  const rows: Row[] = [
    { key: 'everyone', label: t('everyone'), part: everyone },
    ...(answer.groups ?? []).map((group) => ({ key: JSON.stringify(group.by), label: groupName(group.by, t), group: group.by, part: group })),
  ];
  const scrolls = everyone.steps.length > kFitting, fixed = scrolls ? 'right' : undefined;
  const columns: TableColumnsType<Row> = [
    { title: t('group'), dataIndex: 'label', width: kWidths.group, ellipsis: true, fixed: 'left' },
    ...everyone.steps.map((step, index): TableColumnsType<Row>[number] => ({
      title: `${index + 1}. ${names.event(step.name)}`, align: 'right', width: scrolls ? kWidths.step : undefined, sorter: (a, b) => (a.part.steps[index]?.count ?? 0) - (b.part.steps[index]?.count ?? 0),
      render: (_, { part, group }) => {
        const cell = part.steps[index];
        if (!cell) return '–';
        return <><OpenNumber empty={cell.count === 0} question={behind(question, { step: index + 1 }, group)}><Num value={cell.count} /></OpenNumber>{index > 0 && <span className="quiet"> <Rate part={cell.count} whole={part.steps[index - 1]?.count ?? 0} rate={cell.from_previous} /></span>}</>;
      },
    })),
    { key: 'conversion', title: t('conversion'), align: 'right', width: kWidths.conversion, fixed, sorter: (a, b) => (a.part.steps.at(-1)?.from_first ?? 0) - (b.part.steps.at(-1)?.from_first ?? 0), render: (_, { part }) => <b><Rate part={part.steps.at(-1)?.count ?? 0} whole={part.steps[0]?.count ?? 0} rate={part.steps.at(-1)?.from_first} /></b> },
    { title: t('halfTime'), align: 'right', width: kWidths.halfTime, fixed, render: (_, { part }) => (part.times && part.times.to_convert.count > 0 ? duration(part.times.to_convert.p50_ms, language) : '–') },
  ];
  return (
    <>
      <section className="panel">
        <div className="bar" style={{ marginBottom: 12 }}><h2>{percent(last.from_first)} {t('converted')}</h2>{everyone.times && everyone.times.to_convert.count > 0 && <span className="quiet">{t('toConvert')} {duration(everyone.times.to_convert.p50_ms, language)}</span>}</div>
        <Bars part={everyone} question={question} />
      </section>
      {!compact && <section className="panel flush"><Table<Row> size="small" rowKey="key" dataSource={rows} columns={columns} pagination={false} scroll={scrolls ? { x: kWidths.group + kWidths.step * everyone.steps.length + kWidths.conversion + kWidths.halfTime } : undefined} /></section>}
    </>
  );
}
