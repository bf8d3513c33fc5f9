import { useMemo } from 'react';
import { Button } from 'antd';
import { useNavigate } from 'react-router-dom';
import { bucket, exact, percent } from '../../lib/format';
import { customersLink, questionLink } from '../../lib/links';
import { useLanguage, useTexts } from '../../lib/texts';
import { Chart } from '../../ui/Chart';
import { Loaded } from '../../ui/Loaded';
import { Num } from '../../ui/Num';
import { palette } from '../../ui/palette';
import { changeOf, lastTwo, monthQuestion, useMonth, type TrendsForm } from './numbers';
import { texts } from './texts';

const perCustomer = (events: number, customers: number) => (customers ? Math.round((events / customers) * 10) / 10 : 0);

// `counted`: how many what was before is about.
function Change({ now, before, counted }: { now: number; before: number; counted?: number }) {
  const t = useTexts(texts);
  const language = useLanguage();
  if (before === 0) return <span className="quiet">{t('noBefore')}</span>;
  const change = changeOf(now, before, counted);
  if (change === undefined) return <span className="quiet nowrap">{t('wasBefore', { count: exact(before, language) })}</span>;
  return <span className="quiet nowrap"><span className={change < 0 ? 'down' : 'up'}>{change < 0 ? '▼' : '▲'} {percent(Math.abs(change))}</span> {t('ofDayBefore')}</span>;
}

function MonthChart({ data }: { data: TrendsForm }) {
  const language = useLanguage();
  const t = useTexts(texts);
  const option = useMemo(() => ({
    animation: false, color: [palette.primary], grid: { left: 8, right: 16, top: 12, bottom: 4, outerBoundsMode: 'same' },
    tooltip: { trigger: 'axis', renderMode: 'richText' },
    xAxis: { type: 'category', data: data.buckets.map(({ from }) => bucket(from, 'day', language)), axisTick: { show: false }, axisLine: { lineStyle: { color: palette.line } }, axisLabel: { color: palette.quiet } },
    yAxis: { type: 'value', splitLine: { lineStyle: { color: palette.line } }, axisLabel: { color: palette.quiet } },
    series: [{ name: t('customers'), type: 'line', data: data.everyone.measures.customers?.buckets, symbolSize: 5, showSymbol: false, areaStyle: { opacity: 0.06 } }],
  }), [data, language, t]);
  return <Chart option={option} height={220} label={t('trend')} />;
}

export function Numbers({ zone, hasEvents }: { zone: string | undefined; hasEvents: boolean }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const navigate = useNavigate();
  const month = useMonth(zone, hasEvents);
  if (!hasEvents || !zone) return null;
  return (
    <Loaded query={month} rows={9}>
      {(data) => {
        const [events, eventsBefore] = lastTwo(data.everyone.measures.events);
        const [customers, customersBefore] = lastTwo(data.everyone.measures.customers);
        const day = data.buckets.at(-1)!.from;
        const people = () => void navigate(customersLink({ ...monthQuestion(zone), customers_of: { measure: 'customers', bucket: day } }));
        return (
          <>
            <section className="panel">
              <div className="bar" style={{ marginBottom: 12 }}>
                <h2>{t('yesterday')}</h2><span className="quiet">{t('note', { date: bucket(day, 'day', language), zone })}</span>
              </div>
              <div className="numbers">
                <div><span className="quiet">{t('customers')}</span><b><button type="button" className="link-number" onClick={people}><Num value={customers} /></button></b><Change now={customers} before={customersBefore} /></div>
                <div><span className="quiet">{t('events')}</span><b><Num value={events} /></b><Change now={events} before={eventsBefore} /></div>
                <div><span className="quiet">{t('perCustomer')}</span><b><Num value={perCustomer(events, customers)} /></b><Change now={perCustomer(events, customers)} before={perCustomer(eventsBefore, customersBefore)} counted={eventsBefore} /></div>
                <div><span className="quiet">{t('month')}</span><b><Num value={data.everyone.measures.customers?.total} /></b></div>
              </div>
            </section>
            <section className="panel">
              <div className="bar"><h2>{t('trend')}</h2><Button className="push" size="small" onClick={() => void navigate(questionLink(monthQuestion(zone)))}>{t('ask')}</Button></div>
              <MonthChart data={data} />
            </section>
          </>
        );
      }}
    </Loaded>
  );
}
