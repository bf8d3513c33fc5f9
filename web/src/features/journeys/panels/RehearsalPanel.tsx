import { useMemo, useState } from 'react';
import { Button, InputNumber, Space } from 'antd';
import { ExperimentOutlined } from '@ant-design/icons';
import type { JourneyForecast } from '../../../api/schema';
import { bucket, exact } from '../../../lib/format';
import { useLanguage, useTexts } from '../../../lib/texts';
import { Chart } from '../../../ui/Chart';
import { ProblemNote } from '../../../ui/ProblemNote';
import { palette, series as colours } from '../../../ui/palette';
import type { Definition } from '../core/definition';
import { daysOf } from '../core/days';
import { useRehearsal } from '../queries';
import { channelWord, texts } from '../texts';
import { CountList } from './CountList';

function MessageChart({ messages }: { messages: JourneyForecast['messages'] }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const option = useMemo(() => {
    const days = daysOf(Object.values(messages));
    return {
      animation: false, color: colours, grid: { left: 4, right: 8, top: 28, bottom: 4, outerBoundsMode: 'same' },
      legend: { top: 0, left: 0, itemWidth: 10, itemHeight: 10, textStyle: { color: palette.quiet } },
      tooltip: { trigger: 'axis', renderMode: 'richText', confine: true },
      xAxis: { type: 'category', data: days.map((day) => bucket(day, 'day', language)), axisTick: { show: false }, axisLine: { lineStyle: { color: palette.line } }, axisLabel: { color: palette.quiet, hideOverlap: true } },
      yAxis: { type: 'value', minInterval: 1, splitLine: { lineStyle: { color: palette.line } }, axisLabel: { color: palette.quiet } },
      series: Object.entries(messages).map(([channel, counts]) => ({ name: channelWord(t, channel), type: 'bar', stack: 'all', barMaxWidth: 24, data: days.map((day) => counts[day] ?? 0) })),
    };
  }, [messages, language, t]);
  return <Chart option={option} height={220} label={t('messagesByDay')} />;
}

function Forecast({ forecast }: { forecast: JourneyForecast }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const sent = Object.values(forecast.messages).flatMap((days) => Object.values(days)).reduce((sum, count) => sum + count, 0);
  const numbers = { entered: forecast.entered, messages: sent, goals: forecast.conversions, spend: forecast.spend, revenue: forecast.revenue, stillInside: forecast.inside } as const;
  return (
    <>
      <dl className="figures">{Object.entries(numbers).map(([name, value]) => <div key={name}><dt>{t(name as keyof typeof numbers)}</dt><dd className="num">{exact(value, language)}</dd></div>)}</dl>
      <p className="quiet">{t('rehearsedOn', { events: exact(forecast.events, language) })}</p>
      <h2>{t('messagesByDay')}</h2>
      {sent > 0 ? <MessageChart messages={forecast.messages} /> : <p className="quiet">{t('noneYet')}</p>}
      <CountList title={t('keptBack')} counts={forecast.kept_back} />
      <CountList title={t('exits')} counts={forecast.exits} />
      <CountList title={t('rejects')} counts={forecast.rejects} />
    </>
  );
}

// What the definition would have done on the events of the last days.
export function RehearsalPanel({ definition }: { definition: Definition }) {
  const t = useTexts(texts);
  const [days, setDays] = useState(30);
  const rehearsal = useRehearsal();
  const rehearse = () => rehearsal.mutate({ definition, days });
  return (
    <div className="stack tight">
      <p className="quiet">{t('rehearseHow')}</p>
      <Space.Compact>
        <InputNumber aria-label={t('rehearseDays')} prefix={t('rehearseDays')} style={{ width: 170 }} min={1} max={366} precision={0} value={days} onChange={(value) => setDays(value ?? 30)} />
        <Button type="primary" icon={<ExperimentOutlined />} loading={rehearsal.isPending} onClick={rehearse}>{t('view_rehearse')}</Button>
      </Space.Compact>
      {rehearsal.isError && <ProblemNote error={rehearsal.error} onRetry={rehearse} />}
      {rehearsal.data && <Forecast forecast={rehearsal.data} />}
    </div>
  );
}
