import { useState } from 'react';
import { Button, Form, Input, Table } from 'antd';
import type { Identity } from '../../api/schema';
import { useAddressText } from '../../lib/addressText';
import { exact } from '../../lib/format';
import { splitName } from '../../lib/links';
import { useLanguage, useTexts } from '../../lib/texts';
import { KindSelect } from '../../ui/KindSelect';
import { Loaded } from '../../ui/Loaded';
import { Nothing } from '../../ui/Nothing';
import { PageHeader } from '../../ui/PageHeader';
import { ConsentOf } from './ConsentOf';
import { matrixOf, type Matrix } from './core/consent';
import { useConsents } from './queries';
import { texts } from './texts';
import { useConsentWords } from './words';

function Counts({ matrix }: { matrix: Matrix }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const words = useConsentWords();
  return (
    <Table size="small" rowKey="channel" dataSource={matrix.rows} pagination={false} locale={{ emptyText: <Nothing what={t('noConsents')} /> }} columns={[
      { title: t('channel'), dataIndex: 'channel', width: 140, render: words.channel },
      ...matrix.purposes.map((purpose) => ({
        title: words.purpose(purpose), key: purpose,
        render: (_: unknown, { cells }: Matrix['rows'][number]) => { const cell = cells[purpose]; return cell ? <><span className="up">{t('allowedBy')} <b className="num">{exact(cell.allowed, language)}</b></span> · <span className="down">{t('refusedBy')} <b className="num">{exact(cell.refused, language)}</b></span></> : t('none'); },
      })),
    ]} />
  );
}

export default function ConsentPage() {
  const t = useTexts(texts);
  const language = useLanguage();
  const query = useConsents();
  const [name, setName] = useAddressText('of');
  const [key, value] = splitName(name);
  const who: Identity | undefined = value ? { key, value } : undefined;
  const [kind, setKind] = useState(key || 'login');
  return (
    <>
      <PageHeader title={t('consent')} note={t('consentNote')} />
      <div className="stack">
        <section className="panel flush">
          <Loaded query={query} rows={5}>
            {({ customers, consents }) => <><div className="bar"><h2>{t('customersSaid', { count: exact(customers, language) })}</h2></div><Counts matrix={matrixOf(consents)} /></>}
          </Loaded>
        </section>
        <section className="panel">
          <h2>{t('ofCustomer')}</h2>
          <Form layout="inline" initialValues={{ value }} onFinish={({ value: typed }: { value?: string }) => setName(typed?.trim() ? `${kind}:${typed.trim()}` : '')} style={{ marginBottom: 12 }}>
            <Form.Item><KindSelect aria-label={t('identityKind')} value={kind} onChange={(next) => setKind(next ?? 'login')} /></Form.Item>
            <Form.Item name="value"><Input aria-label={t('identity')} placeholder={t('identity')} style={{ width: 240 }} maxLength={200} allowClear /></Form.Item>
            <Button htmlType="submit">{t('look')}</Button>
          </Form>
          {who ? <ConsentOf key={name} who={who} /> : <p className="quiet">{t('lookHint')}</p>}
        </section>
      </div>
    </>
  );
}
