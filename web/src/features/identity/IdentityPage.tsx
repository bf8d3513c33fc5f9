import { useState } from 'react';
import { Button, Table, Tag } from 'antd';
import { PlusOutlined } from '@ant-design/icons';
import { useNames } from '../../api/names';
import { useMay } from '../../api/queries';
import type { IdentityRules } from '../../api/schema';
import { useAddressText } from '../../lib/addressText';
import { exact } from '../../lib/format';
import { useLanguage, useTexts } from '../../lib/texts';
import { FoundTable } from '../../ui/FoundTable';
import { Loaded } from '../../ui/Loaded';
import { Nothing } from '../../ui/Nothing';
import { PageHeader } from '../../ui/PageHeader';
import { useKindName } from '../../ui/useKindName';
import type { KeyRule } from './core/rules';
import { AttributesDrawer } from './AttributesDrawer';
import { Conflicts } from './Conflicts';
import { KeyDrawer } from './KeyDrawer';
import { LimitsDrawer } from './LimitsDrawer';
import { useIdentityRules } from './queries';
import { texts } from './texts';

type Key = keyof (typeof texts)['zh'];
type Attribute = NonNullable<IdentityRules['attributes']>[number];

const kNew = '+new';

function Keys({ rules, onOpen }: { rules: IdentityRules; onOpen?: (key: string) => void }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const kindName = useKindName();
  const values = ({ values: most = 0, window_days: days = 0 }: KeyRule) => `${most === 0 ? t('anyNumber') : most === 1 ? t('justOne') : t('upTo', { count: exact(most, language) })}${most > 0 && days > 0 ? t('inDays', { count: exact(days, language) }) : ''}`;
  return (
    <FoundTable<KeyRule> list="keys" rowKey="key" rows={rules.keys} words={({ key }) => [key, kindName(key)]} find={t('findKey')} empty={t('noKeys')} columns={[
      { title: t('key'), dataIndex: 'key', ellipsis: true, render: (key: string) => <>{kindName(key) !== key && <>{kindName(key)} </>}<span className="code quiet">{key}</span></> },
      { title: t('strength'), dataIndex: 'strength', width: 90, render: (strength: string) => <Tag variant="filled" color={strength === 'strong' ? 'blue' : 'default'}>{t(strength === 'strong' ? 'strong' : 'weak')}</Tag> },
      { title: t('priority'), dataIndex: 'priority', width: 90, align: 'right', sorter: (a, b) => (a.priority ?? 0) - (b.priority ?? 0) },
      { title: t('normaliser'), dataIndex: 'normaliser', width: 180, ellipsis: true, render: (one = 'plain') => t(`normaliser_${one}` as Key) },
      { title: t('values'), width: 190, ellipsis: true, render: (_, key) => values(key) },
      { title: t('blockedCount'), width: 120, align: 'right', render: (_, { blocked = [], blocked_patterns: patterns = [] }) => <span className="num" title={[...blocked, ...patterns].join('\n')}>{exact(blocked.length + patterns.length, language)}</span> },
      { title: t('hashed'), dataIndex: 'hashed', width: 100, render: (hashed?: boolean) => (hashed ? <Tag variant="filled" color="green">{t('isHashed')}</Tag> : '–') },
      ...(onOpen ? [{ title: '', key: 'edit', width: 80, render: (_: unknown, { key }: KeyRule) => <Button type="link" size="small" aria-label={`${t('edit')} ${key}`} onClick={() => onOpen(key)}>{t('edit')}</Button> }] : []),
    ]} />
  );
}

function Attributes({ attributes }: { attributes: Attribute[] }) {
  const t = useTexts(texts);
  const { property } = useNames();
  return (
    <Table<Attribute> size="small" rowKey="attribute" dataSource={attributes} pagination={false} locale={{ emptyText: <Nothing what={t('noAttributes')} /> }} columns={[
      { title: t('attribute'), dataIndex: 'attribute', ellipsis: true, render: (name: string) => <>{property(name)} <span className="code quiet">{name}</span></> },
      { title: t('keep'), dataIndex: 'keep', render: (keep = 'last') => t(`keep_${keep}` as Key) },
      { title: t('sources'), render: (_, { sources }) => sources?.join(' → ') || '–' },
    ]} />
  );
}

// Which identities are one customer's, and what a change of that would merge and split.
export default function IdentityPage() {
  const t = useTexts(texts);
  const language = useLanguage();
  const query = useIdentityRules();
  const may = useMay(), mayChange = may('plan.change');
  const [open, setOpen] = useAddressText('open');
  const [limits, setLimits] = useState(false), [attributes, setAttributes] = useState(false);
  return (
    <>
      <PageHeader title={t('title')} note={t('note')} actions={mayChange ? <Button type="primary" icon={<PlusOutlined />} onClick={() => setOpen(kNew)}>{t('newKey')}</Button> : <span className="quiet">{t('whoMay')}</span>} />
      <Loaded query={query} rows={10}>
        {(rules) => {
          const at = rules.keys.findIndex(({ key }) => key === open);
          return (
            <div className="stack">
              <section className="panel flush"><Keys rules={rules} onOpen={mayChange ? setOpen : undefined} /></section>
              <section className="panel">
                <div className="bar" style={{ marginBottom: 8 }}><h2>{t('limits')}</h2>{mayChange && <Button className="push" size="small" onClick={() => setLimits(true)}>{t('edit')}</Button>}</div>
                <dl className="pairs">
                  <dt>{t('largest_cluster')}</dt><dd className="num">{exact(rules.largest_cluster ?? 0, language)}</dd>
                  <dt>{t('most_customers_a_day')}</dt><dd className="num">{exact(rules.most_customers_a_day ?? 0, language)}</dd>
                </dl>
              </section>
              <section className="panel flush"><div className="bar"><h2>{t('attributes')}</h2>{mayChange && <Button className="push" size="small" aria-label={`${t('edit')} ${t('attributes')}`} onClick={() => setAttributes(true)}>{t('edit')}</Button>}</div><Attributes attributes={rules.attributes ?? []} /></section>
              {may('events.view') && <section className="panel flush"><Conflicts /></section>}
              {mayChange && (open === kNew || at >= 0) && <KeyDrawer key={open} rules={rules} at={at >= 0 ? at : undefined} onClose={() => setOpen('')} />}
              {attributes && <AttributesDrawer rules={rules} onClose={() => setAttributes(false)} />}
              {limits && <LimitsDrawer rules={rules} onClose={() => setLimits(false)} />}
            </div>
          );
        }}
      </Loaded>
    </>
  );
}
