import { App, Button, Tabs } from 'antd';
import { Link, useParams } from 'react-router-dom';
import { Problem } from '../../api/client';
import { labelOf } from '../../api/names';
import { useMay } from '../../api/queries';
import type { Customer, Identity, Segment } from '../../api/schema';
import { useAddressText } from '../../lib/addressText';
import { ago, date, dateTime, exact } from '../../lib/format';
import { link } from '../../lib/links';
import { useNow } from '../../lib/now';
import { useLanguage, useTexts } from '../../lib/texts';
import { FoundTable } from '../../ui/FoundTable';
import { Loaded } from '../../ui/Loaded';
import { Num } from '../../ui/Num';
import { PageHeader } from '../../ui/PageHeader';
import { TraceView } from '../../ui/TraceView';
import { useKindName } from '../../ui/useKindName';
import { Details } from './Details';
import { EraseButton } from './EraseButton';
import { useCustomer, useCut, useSegmentsOf } from './queries';
import { Tags } from './Tags';
import { texts } from './texts';
import { TimelineView } from './TimelineView';
import { useSaid } from './useSaid';
import { WhySame } from './WhySame';
import { useTrace } from '../../api/trace';

type Attribute = Customer['attributes'][number];

const attribute = (customer: Customer, name: string) => customer.attributes.find((one) => one.name === name);

function Attributes({ customer }: { customer: Customer }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const said = useSaid();
  const label = (one: Attribute) => labelOf(one, language);
  return (
    <FoundTable<Attribute> list="attributes" rowsOnPage={50} rowKey="name" rows={customer.attributes} words={(one) => [one.name, label(one), String(said(one.value, one.name)), one.source]} find={t('findAttribute')} empty={t('noAttributes')} columns={[
      { key: 'attribute', title: t('attribute'), width: 220, sorter: (a, b) => label(a).localeCompare(label(b), 'zh-CN'), render: (_, one) => <>{label(one)} <span className="quiet code">{one.name}</span></> },
      { title: t('value'), render: (_, { name, value }) => <span className="name">{said(value, name)}</span> },
      { title: t('from'), dataIndex: 'source', width: 160 },
      { title: t('since'), dataIndex: 'time', width: 200, className: 'nowrap', render: (time: string) => dateTime(Date.parse(time), language) },
    ]} />
  );
}

const kDayMs = 86_400_000;

const isSame = (a: Identity, b: Identity) => a.key === b.key && a.value === b.value;

// Every identity, and why it is this customer's.
function Identities({ customer, who }: { customer: Customer; who: Identity }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const kind = useKindName();
  const { modal, message } = App.useApp();
  const mayChange = useMay()('customers.change');
  const cut = useCut();
  const known = customer.known_by;
  const canBeNamed = (one: Identity) => !isSame(one, known) && !one.value.includes('****'); // one that is masked cannot be asked about
  const ask = (one: Identity) => void modal.confirm({
    title: t('cutTitle', { kind: kind(one.key), value: one.value }), content: t('cutBody'), okText: t('cut'), okButtonProps: { danger: true }, cancelText: t('cancel'),
    onOk: () => cut.mutateAsync(one).then(() => void message.success(t('cutDone')), (error: Error) => void message.error(error instanceof Problem ? error.words[language] : error.message)),
  });
  return (
    <FoundTable<Identity> list="identities" rowKey={({ key, value }) => `${key} ${value}`} rows={customer.identities} words={({ key, value }) => [key, kind(key), value]} find={t('findIdentity')} empty={t('noIdentities')}
      expandable={{ rowExpandable: canBeNamed, expandedRowRender: (one) => <WhySame a={one} b={who} />, columnTitle: t('whySame'), expandIconColumnIndex: 2, expandIcon: ({ expandable, expanded, onExpand, record }) => expandable && <Button type="link" size="small" aria-expanded={expanded} onClick={(event) => onExpand(record, event)}>{t('why')}</Button>, columnWidth: 180 }} columns={[
      { title: t('kind'), dataIndex: 'key', width: 200, render: (key: string) => kind(key) },
      { title: t('identity'), dataIndex: 'value', render: (value: string) => <span className="code">{value}</span> },
      ...(mayChange ? [{ title: t('action'), key: 'cut', width: 120, render: (_: unknown, one: Identity) => canBeNamed(one) && <Button type="link" size="small" onClick={() => ask(one)}>{t('cut')}</Button> }] : []),
    ]} />
  );
}

function Segments({ who }: { who: Identity }) {
  const t = useTexts(texts);
  const language = useLanguage();
  return (
    <Loaded query={useSegmentsOf(who)}>
      {({ items }) => (
        <FoundTable<Segment> list="segments" rowKey="id" rows={items} words={({ id, name_zh: zh, name_en: en }) => [id, zh, en]} find={t('findSegment')} empty={t('noSegments')} columns={[
          { title: t('segment'), render: (_, { id, name_zh: zh, name_en: en }) => <Link to={link(`/segments/${id}`)}>{(language === 'zh' ? zh || en : en || zh) || id}</Link> },
          { title: t('size'), width: 120, align: 'right', render: (_, { last_run: run }) => <Num value={run?.count} /> },
          { title: t('asOf'), width: 200, className: 'nowrap', render: (_, { last_run: run }) => run && dateTime(Date.parse(run.at), language) },
        ]} />
      )}
    </Loaded>
  );
}

function Touches({ who }: { who: Identity }) {
  const t = useTexts(texts);
  return <Loaded query={useTrace(who)}>{({ trace }) => <TraceView lines={trace} empty={t('noTouches')} />}</Loaded>;
}

// The day, and the time beneath; how long ago under a day.
function When({ ms }: { ms: number | undefined }) {
  const language = useLanguage();
  const now = useNow(30_000);
  if (ms === undefined) return <b>–</b>;
  const [day, time] = [date(ms, language), dateTime(ms, language)];
  return <><b>{now - ms < kDayMs ? ago(ms, now, language) : day}</b><span className="quiet">{time}</span></>;
}

function KeyNumbers({ customer }: { customer: Customer }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const times = (pick: (event: Customer['events'][number]) => string) => customer.events.map((event) => Date.parse(pick(event)));
  const total = customer.events.reduce((sum, { count }) => sum + count, 0);
  return (
    <section className="panel numbers">
      <div><span className="quiet">{t('lastSeen')}</span><When ms={total > 0 ? Math.max(...times(({ last }) => last)) : undefined} /></div>
      <div><span className="quiet">{t('firstSeen')}</span><When ms={total > 0 ? Math.min(...times(({ first }) => first)) : undefined} /></div>
      <div><span className="quiet">{t('eventCount')}</span><b><Num value={total} /></b></div>
      <div><span className="quiet">{t('kindCount')}</span><b>{exact(customer.events.length, language)}</b></div>
    </section>
  );
}

function View({ customer, who }: { customer: Customer; who: Identity }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const kind = useKindName();
  const said = useSaid();
  const [tab, setTab] = useAddressText('tab', 'timeline');
  const may = useMay(), mayTags = may('tags.view'), mayChange = may('customers.change');
  const known = customer.known_by;
  const name = attribute(customer, 'name');
  const about = ['manager', 'branch', 'city'].map((one) => attribute(customer, one)).filter((one) => one !== undefined);
  return (
    <>
      <PageHeader title={name ? said(name.value) : known.value} note={<>{kind(known.key)} <span className="code">{known.value}</span>{about.map((one) => ` · ${labelOf(one, language)} ${said(one.value)}`)}</>} actions={mayChange && <EraseButton who={who} events={customer.events.reduce((sum, { count }) => sum + count, 0)} identities={customer.identities.length} />} />
      <div className="stack">
        <KeyNumbers customer={customer} />
        <section className="panel">
          <Tabs activeKey={tab} onChange={setTab} destroyOnHidden items={[
            { key: 'timeline', label: t('timeline'), children: <TimelineView who={who} counts={customer.events} /> },
            { key: 'attributes', label: `${t('attributes')} ${customer.attributes.length}`, children: <Attributes customer={customer} /> },
            { key: 'details', label: `${t('details')} ${(customer.tables ?? []).reduce((sum, { rows }) => sum + rows, 0) || ''}`, children: <Details who={who} tables={customer.tables ?? []} /> },
            { key: 'identities', label: `${t('identities')} ${customer.identities.length}`, children: <Identities customer={customer} who={who} /> },
            ...(mayTags ? [{ key: 'tags', label: t('tags'), children: <Tags who={who} /> }] : []),
            { key: 'segments', label: t('segments'), children: <Segments who={who} /> },
            { key: 'touches', label: t('touches'), children: <Touches who={who} /> },
          ]} />
        </section>
      </div>
    </>
  );
}

export default function CustomerPage() {
  const { key = '', value = '' } = useParams();
  return <Loaded page query={useCustomer({ key, value })} rows={14}>{(customer) => <View key={`${key} ${value}`} customer={customer} who={{ key, value }} />}</Loaded>;
}
