import { App, Button, Select, Table, Tag } from 'antd';
import { useState } from 'react';
import { Link } from 'react-router-dom';
import { useMay } from '../../api/queries';
import type { ConsentsOf, Identity } from '../../api/schema';
import { colon, dateTime } from '../../lib/format';
import { customerLink } from '../../lib/links';
import { useLanguage, useTexts } from '../../lib/texts';
import { ListTable } from '../../ui/ListTable';
import { Loaded } from '../../ui/Loaded';
import { Nothing } from '../../ui/Nothing';
import { useConsentsOf, useSetConsent } from './queries';
import { useConsentWords } from './words';
import { texts } from './texts';

type Consent = ConsentsOf['consents'][number];
type Item = ConsentsOf['ledger']['events'][number];

const kChannels = ['*', 'sms', 'push', 'mail', 'wechat', 'wecom', 'call'];
const kPurposes = ['*', 'marketing', 'service'];

function Said({ allowed }: { allowed: boolean }) {
  const t = useTexts(texts);
  return <Tag variant="filled" color={allowed ? 'green' : 'red'}>{t(allowed ? 'allowed' : 'refused')}</Tag>;
}

function SetConsent({ who }: { who: Identity }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const { modal, message } = App.useApp();
  const words = useConsentWords();
  const set = useSetConsent();
  const [channel, setChannel] = useState('*'), [purpose, setPurpose] = useState('marketing');
  const ask = (allowed: boolean) => void modal.confirm({
    title: `${t(allowed ? 'allow' : 'refuse')}${colon(language)}${words.channel(channel)} · ${words.purpose(purpose)}`, content: t('setBody'), okText: t(allowed ? 'allow' : 'refuse'), cancelText: t('cancel'),
    onOk: () => set.mutateAsync({ customer: who, channel, purpose, allowed }).then(() => void message.success(t('setDone'))),
  });
  return (
    <div className="bar">
      <Select aria-label={t('channel')} style={{ width: 140 }} value={channel} onChange={setChannel} options={kChannels.map((value) => ({ value, label: words.channel(value) }))} />
      <Select aria-label={t('purpose')} style={{ width: 140 }} value={purpose} onChange={setPurpose} options={kPurposes.map((value) => ({ value, label: words.purpose(value) }))} />
      <Button onClick={() => ask(true)}>{t('allow')}</Button>
      <Button danger onClick={() => ask(false)}>{t('refuse')}</Button>
    </div>
  );
}

// What one customer allows and refuses, each change of it, and who may note another.
export function ConsentOf({ who }: { who: Identity }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const words = useConsentWords();
  const mayChange = useMay()('journeys.change');
  const of = ({ properties }: Item) => ({ channel: String(properties?.channel ?? ''), purpose: String(properties?.purpose ?? ''), allowed: properties?.allowed === true, by: String(properties?.by ?? '') });
  return (
    <Loaded query={useConsentsOf(who)}>
      {({ consents, ledger }) => (
        <div className="stack">
          <div className="bar"><Link to={customerLink(`${who.key}:${who.value}`)}>{t('openCustomer')}</Link>{!mayChange && <span className="quiet push">{t('whoMay')}</span>}</div>
          {mayChange && <SetConsent who={who} />}
          <section><h3>{t('now')}</h3>
            <Table<Consent> size="small" rowKey={({ channel, purpose }) => `${channel} ${purpose}`} dataSource={consents} pagination={false} locale={{ emptyText: <Nothing what={t('saysNothing')} /> }} columns={[
              { title: t('channel'), render: (_, { channel }) => words.channel(channel) }, { title: t('purpose'), render: (_, { purpose }) => words.purpose(purpose) },
              { title: t('consentRule'), width: 120, render: (_, { allowed }) => <Said allowed={allowed === true} /> },
            ]} />
          </section>
          <section><h3>{t('ledger')}</h3>
            <ListTable<Item> list="ledger" rowsOnPage={10} rowKey={(item) => `${item.time} ${JSON.stringify(item.properties)}`} dataSource={ledger.events} locale={{ emptyText: <Nothing what={t('ledgerEmpty')} /> }} columns={[
              { title: t('at'), width: 190, className: 'nowrap', render: (_, { time }) => dateTime(Date.parse(time), language) },
              { title: t('change'), render: (_, item) => <>{words.channel(of(item).channel)} · {words.purpose(of(item).purpose)} <Said allowed={of(item).allowed} /></> },
              { title: t('by'), width: 140, ellipsis: true, render: (_, item) => of(item).by },
            ]} />
          </section>
        </div>
      )}
    </Loaded>
  );
}
