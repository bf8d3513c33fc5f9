import { useState } from 'react';
import { Alert, App, Button, Table, Tag } from 'antd';
import { useJourneyName } from '../../api/journeyNames';
import { useNames } from '../../api/names';
import { useJourneys, useMay } from '../../api/queries';
import { colon, exact, span } from '../../lib/format';
import { useLanguage, useTexts } from '../../lib/texts';
import { Loaded } from '../../ui/Loaded';
import { Nothing } from '../../ui/Nothing';
import { PageHeader } from '../../ui/PageHeader';
import { leaveOf, windowText, type Cap, type ChannelRule, type Policy, type Window } from './core/policy';
import { PolicyDrawer } from './PolicyDrawer';
import { useHold, usePolicy } from './queries';
import { texts } from './texts';
import { useConsentWords } from './words';

// Stops all sending, or lets it go on.
function Hold({ held }: { held: boolean }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const { modal, message } = App.useApp();
  const hold = useHold();
  const running = useJourneys().data?.journeys.filter(({ phase }) => phase === 'running').length ?? 0;
  const ask = () => void modal.confirm({
    title: t(held ? 'releaseTitle' : 'holdTitle'), content: held ? t('releaseBody') : t('holdBody', { count: exact(running, language) }), okText: t(held ? 'release' : 'holdNow'), okButtonProps: { danger: !held }, cancelText: t('cancel'),
    onOk: () => hold.mutateAsync(!held).then(() => void message.success(t(held ? 'releaseDone' : 'holdDone'))),
  });
  return <Button danger={!held} type={held ? 'primary' : 'default'} onClick={ask}>{t(held ? 'release' : 'holdNow')}</Button>;
}

function Windows({ of, none }: { of: Window[] | undefined; none: string }) {
  const t = useTexts(texts);
  const day = (name: string) => (`day_${name}` in texts.zh ? t(`day_${name}` as 'day_mon') : `on_${name}` in texts.zh ? t(`on_${name}` as 'on_weekdays') : name);
  return of?.length ? of.map((one, i) => <Tag key={i} variant="filled">{windowText(one, day)}</Tag>) : <span className="quiet">{none}</span>;
}

function Caps({ caps }: { caps: Cap[] }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const journey = useJourneyName();
  const words = useConsentWords();
  const scope = ({ scope: is = 'tenant', of }: Cap) => (is === 'tenant' ? t('scope_tenant') : `${t(`scope_${is}` as 'scope_channel')} · ${of ? (is === 'journey' ? journey(of) : is === 'channel' ? words.channel(of) : is === 'category' ? words.purpose(of) : of) : t('each')}`);
  return (
    <Table<Cap> size="small" rowKey="name" dataSource={caps} pagination={false} locale={{ emptyText: <Nothing what={t('noCaps')} /> }} columns={[
      { title: t('capName'), dataIndex: 'name', ellipsis: true },
      { title: t('scope'), render: (_, cap) => scope(cap) },
      { title: t('limit'), width: 120, align: 'right', render: (_, { limit }) => t('times', { count: limit }) },
      { title: t('window'), width: 220, render: (_, { rolling, fixed, zone }) => (fixed ? `${t(`fixed_${fixed}`)}${zone === 'tenant' ? ` · ${t('zone_tenant')}` : ''}` : t('rolling', { span: span(rolling ?? '', language) })) },
    ]} />
  );
}

function ChannelRules({ rules }: { rules: ChannelRule[] }) {
  const t = useTexts(texts);
  const words = useConsentWords();
  const { property } = useNames();
  const limit = ({ max_chars: chars, max_bytes: bytes }: ChannelRule) => [chars && t('chars', { count: chars }), bytes && t('bytes', { count: bytes })].filter(Boolean).join(' · ') || t('none');
  return (
    <Table<ChannelRule> size="small" rowKey="name" dataSource={rules} pagination={false} locale={{ emptyText: <Nothing what={t('noChannelRules')} /> }} columns={[
      { title: t('channel'), dataIndex: 'name', width: 170, ellipsis: true, render: words.channel },
      { title: t('consentRule'), width: 140, render: (_, { consent }) => t(consent === 'opt_in' ? 'opt_in' : 'opt_out') },
      { title: t('openWindows'), render: (_, { open }) => <Windows of={open} none={t('always')} /> },
      { title: t('pace'), width: 120, render: (_, { per_second: pace }) => (pace ? t('perSecond', { count: pace }) : t('none')) },
      { title: t('textLimit'), width: 150, render: (_, rule) => limit(rule) },
      { title: t('receivers'), width: 240, ellipsis: true, render: (_, { to, recall }) => <>{to?.length ? to.map(({ attribute }) => property(attribute)).join(' → ') : t('customerSelf')}{recall && <> <Tag variant="filled">{t('isRecalled')}</Tag></>}</> },
    ]} />
  );
}

const kUnitRules = ['caps', 'quiet', 'blackouts', 'suppressed', 'channels', 'budget'] as const;

function Others({ policy }: { policy: Policy }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const words = useConsentWords();
  return (
    <dl className="pairs">
      <dt>{t('quiet')}</dt><dd><Windows of={policy.quiet} none={t('noQuiet')} /> {!!policy.quiet?.length && <span className="quiet">{t(`quiet_${policy.in_quiet ?? 'delay'}`)}</span>}</dd>
      <dt>{t('openWindows')}</dt><dd><Windows of={policy.open} none={t('always')} /></dd>
      <dt>{t('blackouts')}</dt><dd>{policy.blackouts?.map(({ name, from, to }) => `${name} ${from}–${to}`).join(' · ') || t('none')}</dd>
      <dt>{t('uncapped')}</dt><dd>{policy.uncapped?.map((rule) => `${words.purpose(rule.category)}${colon(language)}${t(`leave_${leaveOf(rule)}`)}`).join(' · ') || t('none')}</dd>
      <dt>{t('arbitration')}</dt><dd>{policy.arbitration ? t('arbitrationSays', { span: span(policy.arbitration, language) }) : t('none')}</dd>
      <dt>{t('maxJourneys')}</dt><dd>{policy.max_journeys ?? t('none')}</dd>
      <dt>{t('holdout')}</dt><dd>{policy.holdout_percent ? `${policy.holdout_percent}%` : t('none')}</dd>
      <dt>{t('stock')}</dt><dd>{policy.stock?.map(({ benefit, count }) => `${benefit} ${count}`).join(' · ') || t('none')}</dd>
      <dt>{t('zone')}</dt><dd>{policy.zone ?? 'Asia/Shanghai'}</dd>
      {policy.units && <><dt>{t('unitZones')}</dt><dd>{policy.units.zones?.map(({ unit, zone }) => `${unit} ${zone}`).join(' · ') || t('none')}</dd></>}
      {!!policy.units?.rules?.length && <><dt>{t('unitRules')}</dt><dd>{policy.units.rules.map((rule) => <div key={rule.unit}>{t('ofUnit', { unit: rule.unit, what: kUnitRules.filter((of) => rule[of] !== undefined).map((of) => t(of === 'channels' ? 'pace' : of)).join(' · ') || t('none') })}</div>)}</dd></>}
    </dl>
  );
}

export default function PolicyPage() {
  const t = useTexts(texts);
  const query = usePolicy();
  const mayChange = useMay()('journeys.change');
  const [editing, setEditing] = useState(false);
  const { held = false } = query.data ?? {};
  const actions = mayChange && query.data && <><Hold held={held} /><Button type="primary" onClick={() => setEditing(true)}>{t('edit')}</Button></>;
  return (
    <>
      <PageHeader title={t('policy')} note={t('policyNote')} actions={actions} />
      <Loaded query={query} rows={10}>
        {({ policy: put }) => {
          const policy = put as Policy;
          return (
            <div className="stack">
              {held && <Alert type="warning" showIcon title={t('held')} description={t('heldNote')} />}
              <section className="panel flush"><h2>{t('caps')}</h2><Caps caps={policy.caps ?? []} /></section>
              <section className="panel flush"><h2>{t('channelRules')}</h2><ChannelRules rules={policy.channels ?? []} /></section>
              <section className="panel"><h2>{t('others')}</h2><Others policy={policy} /></section>
              {editing && <PolicyDrawer policy={policy} onClose={() => setEditing(false)} />}
            </div>
          );
        }}
      </Loaded>
    </>
  );
}
