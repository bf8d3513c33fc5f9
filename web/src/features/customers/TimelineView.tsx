import { useMemo } from 'react';
import { Button, Select, Tag } from 'antd';
import { useNames } from '../../api/names';
import type { Customer, Identity } from '../../api/schema';
import { useAddressText } from '../../lib/addressText';
import { dateTime, duration, exact } from '../../lib/format';
import { fit } from '../../lib/match';
import { useLanguage, useTexts } from '../../lib/texts';
import { Nothing } from '../../ui/Nothing';
import { ProblemNote } from '../../ui/ProblemNote';
import { useChannelName } from '../../api/channelNames';
import { Waiting } from '../../ui/Waiting';
import { ownProperties, sessionsOf, type TimelineEvent } from './core/sessions';
import { useTimeline } from './queries';
import { texts } from './texts';
import { useSaid } from './useSaid';

const kShownProperties = 3;

function EventLine({ event }: { event: TimelineEvent }) {
  const language = useLanguage();
  const names = useNames();
  const channel = useChannelName();
  const said = useSaid();
  const properties = ownProperties(event);
  const time = dateTime(Date.parse(event.time), language);
  const summary = (
    <>
      <time className="quiet num" dateTime={event.time} title={time}>{time.slice(time.lastIndexOf(' ') + 1)}</time>
      <span className="name">{names.event(event.event)}</span>
      {event.event.startsWith('$touch_') && <Tag color="blue" variant="filled">{channel(said(event.properties?.['channel'] ?? ''))}</Tag>}
      <span className="quiet brief">{properties.slice(0, kShownProperties).map(([name, value]) => `${names.property(name)} ${said(value, name)}`).join(' · ')}</span>
    </>
  );
  if (properties.length === 0) return <div className="line">{summary}</div>;
  return (
    <details>
      <summary className="line">{summary}</summary>
      <dl className="pairs">{properties.map(([name, value]) => [<dt key={name}>{names.property(name)}</dt>, <dd key={`${name} value`}>{said(value, name)}</dd>])}</dl>
    </details>
  );
}

function Session({ events }: { events: TimelineEvent[] }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const last = Date.parse(events[0]!.time), first = Date.parse(events.at(-1)!.time);
  return (
    <section className="session">
      <h3>{dateTime(first, language)} <span className="quiet">{t('sitting', { count: events.length })}{last > first && ` · ${duration(last - first, language)}`}</span></h3>
      {events.map((event, i) => <EventLine key={`${event.time} ${i}`} event={event} />)}
    </section>
  );
}

export function TimelineView({ who, counts }: { who: Identity; counts: Customer['events'] }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const names = useNames();
  const [event, setEvent] = useAddressText('event');
  const timeline = useTimeline(who, event);
  const sessions = useMemo(() => sessionsOf(timeline.data?.pages.flatMap((page) => page.events) ?? []), [timeline.data]);
  const options = counts.map(({ event: name, zh, en, count }) => ({ value: name, label: `${names.event(name)} ${exact(count, language)}`, words: [name, zh ?? '', en ?? ''] }));
  return (
    <>
      <div className="bar" style={{ marginBottom: 12 }}>
        <Select allowClear aria-label={t('onlyEvent')} placeholder={t('onlyEvent')} style={{ width: 260 }} value={event || undefined} onChange={(name?: string) => setEvent(name ?? '')} options={options}
          showSearch={{ filterOption: (typed, option) => fit(typed, (option as { words?: string[] } | undefined)?.words ?? []) > 0 }} />
      </div>
      {timeline.isError && <ProblemNote error={timeline.error} onRetry={() => void timeline.refetch()} />}
      {timeline.isPending && <Waiting rows={10} />}
      {timeline.data && sessions.length === 0 && <Nothing what={t('noEvents')} />}
      <div className="timeline">{sessions.map((events) => <Session key={`${events.at(-1)!.time} ${events.length}`} events={events} />)}</div>
      {timeline.hasNextPage && <Button loading={timeline.isFetchingNextPage} onClick={() => void timeline.fetchNextPage()}>{t('older')}</Button>}
    </>
  );
}
