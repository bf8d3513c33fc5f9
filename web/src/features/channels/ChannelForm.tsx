import type { ReactNode } from 'react';
import { Collapse, Form, Input, Radio, Select, Switch, Tag } from 'antd';
import { Link } from 'react-router-dom';
import { link } from '../../lib/links';
import { useGap, useTexts } from '../../lib/texts';
import { KindSelect } from '../../ui/KindSelect';
import { Rows } from '../../ui/Rows';
import { emptyCall, type ChannelForm as Values, type Pair } from './core/description';
import { CallFields, kVariables, Line, MatchRows, NumberLine, PairRows, Part, TextLine, Variables } from './fields';
import { texts } from './texts';

interface Props { form: Values; known: boolean; set: (change: Partial<Values>) => void }

const kOutcomes = ['sent', 'accepted', 'delivered', 'opened', 'clicked', 'replied', 'rejected', 'bounced'] as const;

const Panel = ({ title, note, children }: { title: string; note?: string; children: ReactNode }) => <section className="panel" aria-label={title}><h2>{title}</h2>{note && <p className="quiet" style={{ margin: '-8px 0 12px' }}>{note}</p>}{children}</section>;

function Basics({ form, known, set }: Props) {
  const t = useTexts(texts);
  const gap = useGap();
  return (
    <Panel title={t('basics')}>
      <div className="thirds">
        <TextLine label={t('name')} hint={known ? undefined : t('nameHint')} placeholder="sms" disabled={known} value={form.name} onChange={(name) => set({ name })} />
        <TextLine label={t('titleZh')} code={false} value={form.zh} onChange={(zh) => set({ zh })} />
        <TextLine label={t('titleEn')} code={false} value={form.en} onChange={(en) => set({ en })} />
      </div>
      <Line label={t('kind')} hint={t(`kind_${form.kind}_how`)}><Radio.Group aria-label={t('kind')} optionType="button" value={form.kind} onChange={(event) => set({ kind: event.target.value as Values['kind'] })} options={(['http', 'mail', 'tasks'] as const).map((value) => ({ value, label: t(`kind_${value}`) }))} /></Line>
      {form.kind === 'tasks' ? <p className="quiet">{t('tasksNote')}{gap}<Link to={link('/messages/policy')} style={{ textDecoration: 'underline' }}>{t('messageRules')}</Link></p> : (
        <>
          <Line label={t('addressKey')} hint={t('addressKeyHint')}><KindSelect aria-label={t('addressKey')} width={220} allowClear value={form.address} onChange={(address) => set({ address: address ?? '' })} /></Line>
          <div className="thirds">
            <NumberLine label={t('perSecond')} max={100_000} placeholder={t('unlimited')} value={form.per_second} onChange={(per_second) => set({ per_second })} />
            <NumberLine label={t('atOnce')} max={64} placeholder="8" value={form.at_once} onChange={(at_once) => set({ at_once })} />
            <Line label={t('repeatable')}><Switch aria-label={t('repeatable')} checked={form.repeatable} onChange={(repeatable) => set({ repeatable })} /></Line>
          </div>
          <p className="quiet">{t('repeatableHint')}</p>
        </>
      )}
    </Panel>
  );
}

// Names, and what was never shown again; an empty field leaves a secret as it is.
function Secrets({ form, set, kept }: Pick<Props, 'form' | 'set'> & { kept: string[] }) {
  const t = useTexts(texts);
  return (
    <Panel title={t('secrets')} note={t('secretsNote', { example: '{{secret.NAME}}' })}>
      <Rows<Pair> rows={form.secrets} fresh={{ name: '', value: '' }} add={t('addSecret')} name={t('secret')} onChange={(secrets) => set({ secrets })}>
        {({ name, value }, change, label) => (
          <>
            <Input aria-label={label(t('name'))} placeholder={t('name')} className="code" spellCheck={false} maxLength={64} style={{ width: 160 }} value={name} onChange={(event) => change({ name: event.target.value })} />
            <Input.Password aria-label={label(t('value'))} autoComplete="new-password" maxLength={4096} placeholder={kept.includes(name) ? t('secretHint') : t('secretNew')} style={{ flex: 1, minWidth: 160 }} value={value} onChange={(event) => change({ value: event.target.value })} />
            <Tag variant="filled" color={kept.includes(name) ? 'green' : 'gold'}>{t(kept.includes(name) ? 'secretsSet' : 'secretUnset')}</Tag>
          </>
        )}
      </Rows>
    </Panel>
  );
}

function Mail({ form, set }: Pick<Props, 'form' | 'set'>) {
  const t = useTexts(texts);
  return (
    <Panel title={t('mailServer')} note={t('mailNote')}>
      <TextLine label={t('mailUrl')} placeholder="smtps://mx.bank.example:465" value={form.url} onChange={(url) => set({ url })} />
      <TextLine label={t('from')} placeholder="service@bank.example" value={form.from} onChange={(from) => set({ from })} />
      <TextLine label={t('subject')} code={false} hint={t('subjectHint')} value={form.subject} onChange={(subject) => set({ subject })} />
      <TextLine label={t('unsubscribe')} hint={t('unsubscribeHint')} placeholder="https://bank.example/unsubscribe/{{key}}" value={form.unsubscribe} onChange={(unsubscribe) => set({ unsubscribe })} />
    </Panel>
  );
}

function Receipts({ form, set }: Pick<Props, 'form' | 'set'>) {
  const t = useTexts(texts);
  return (
    <Panel title={t('receiptMap')}>
      <Part label={t('takesReceipts')} hint={t('takesReceiptsHint')} value={form.receipts} fresh={{ items: '', key: '/key', outcome: '/status', outcomes: [] }} onChange={(receipts) => set({ receipts })}>
        {(receipts, change) => (
          <>
            <div className="thirds">
              <TextLine label={t('receiptItems')} placeholder="/reports" value={receipts.items} onChange={(items) => change({ items })} />
              <TextLine label={t('receiptKey')} placeholder="/extend" value={receipts.key} onChange={(key) => change({ key })} />
              <TextLine label={t('receiptOutcome')} placeholder="/status" value={receipts.outcome} onChange={(outcome) => change({ outcome })} />
            </div>
            <p className="quiet" style={{ marginBottom: 12 }}>{t('receiptPlaces')}</p>
            <Line label={t('receiptWords')}>
              <PairRows pairs={receipts.outcomes} add={t('addWord')} name={t('word')} first={t('theirWord')} second={t('ourWord')} onChange={(outcomes) => change({ outcomes })}
                value={({ value }, pick, label) => <Select aria-label={label} placeholder={t('ourWord')} style={{ width: 160 }} value={value || undefined} onChange={pick} options={kOutcomes.map((one) => ({ value: one, label: t(`receipt_${one}`) }))} />} />
            </Line>
          </>
        )}
      </Part>
    </Panel>
  );
}

function More({ form, set }: Pick<Props, 'form' | 'set'>) {
  const t = useTexts(texts);
  const parts = [
    { key: 'batch', label: t('batch'), on: !!form.batch, children: (
      <Part label={t('batchOn')} hint={t('batchHint')} value={form.batch} fresh={{ most: 100, results: '', body: '[{{entries}}]' }} onChange={(batch) => set({ batch })}>
        {(batch, change) => (
          <>
            <div className="thirds">
              <NumberLine label={t('batchMost')} min={2} max={1_000} value={batch.most} onChange={(most) => change({ most })} />
              <TextLine label={t('batchBody')} value={batch.body} onChange={(body) => change({ body })} />
              <TextLine label={t('batchResults')} placeholder="/data/results" value={batch.results} onChange={(results) => change({ results })} />
            </div>
            <p className="quiet">{t('batchNote')}</p>
          </>
        )}
      </Part>
    ) },
    { key: 'query', label: t('query'), on: !!form.query, children: (
      <Part label={t('queryOn')} hint={t('queryHint')} value={form.query} fresh={{ request: { ...emptyCall, method: 'GET' }, found: [], absent: [] }} onChange={(query) => set({ query })}>
        {(query, change) => (
          <>
            <CallFields call={query.request} name={t('query')} onChange={(request) => change({ request })} />
            <Line label={t('found')}><MatchRows matches={query.found} name={t('found')} onChange={(found) => change({ found })} /></Line>
            <Line label={t('absent')}><MatchRows matches={query.absent} name={t('absent')} onChange={(absent) => change({ absent })} /></Line>
            <NumberLine label={t('afterSeconds')} min={0} max={86_400} placeholder="30" unit="s" value={query.after_seconds} onChange={(after_seconds) => change({ after_seconds })} />
          </>
        )}
      </Part>
    ) },
    { key: 'recall', label: t('recall'), on: !!form.recall, children: (
      <Part label={t('recallOn')} hint={t('recallHint')} value={form.recall} fresh={{ request: { ...emptyCall }, recalled: [], too_late: [] }} onChange={(recall) => set({ recall })}>
        {(recall, change) => (
          <>
            <CallFields call={recall.request} name={t('recall')} onChange={(request) => change({ request })} />
            <Line label={t('recalled')}><MatchRows matches={recall.recalled} name={t('recalled')} onChange={(recalled) => change({ recalled })} /></Line>
            <Line label={t('tooLate')}><MatchRows matches={recall.too_late} name={t('tooLate')} onChange={(too_late) => change({ too_late })} /></Line>
          </>
        )}
      </Part>
    ) },
    { key: 'capture', label: t('capture'), on: form.capture.length > 0, children: <><p className="quiet" style={{ marginBottom: 8 }}>{t('captureHint')}</p><PairRows pairs={form.capture} add={t('addCapture')} name={t('capture')} first={t('name')} second={t('place')} onChange={(capture) => set({ capture })} /></> },
  ];
  return <Collapse defaultActiveKey={parts.filter(({ on }) => on).map(({ key }) => key)} items={parts.map(({ key, label, on, children }) => ({ key, label, children, extra: on ? <Tag variant="filled" color="green">{t('partOn')}</Tag> : undefined }))} />;
}

function Http({ form, set, secrets }: Pick<Props, 'form' | 'set'> & { secrets: ReactNode }) {
  const t = useTexts(texts);
  const names = form.secrets.map(({ name }) => name.trim()).filter(Boolean);
  const answers = [{ of: 'accepted', hint: t('acceptedHint') }, { of: 'busy', hint: t('busyHint') }, { of: 'rejected', hint: t('rejectedHint') }] as const;
  return (
    <>
      {secrets}
      <Variables names={[...kVariables, ...names.map((name) => `secret.${name}`)]}>
        <div className="stack" style={{ marginBottom: 12 }}>
          <Panel title={t('request')} note={t('requestNote')}><CallFields call={form.request} name={t('request')} onChange={(request) => set({ request })} /></Panel>
          <Panel title={t('signing')}>
            <Part label={t('signs')} hint={t('signsHint')} value={form.sign} fresh={{ over: '{{time}}{{body}}', secret: names[0] ?? '', encoding: 'hex' }} onChange={(sign) => set({ sign })}>
              {(sign, change) => (
                <>
                  <TextLine label={t('signOver')} value={sign.over} rows={2} onChange={(over) => change({ over })} />
                  <div className="thirds">
                    <Line label={t('signSecret')}><Select aria-label={t('signSecret')} notFoundContent={t('addSecret')} value={sign.secret || undefined} options={names.map((value) => ({ value }))} onChange={(secret) => change({ secret })} /></Line>
                    <Line label={t('signEncoding')}><Select aria-label={t('signEncoding')} value={sign.encoding} options={['hex', 'base64'].map((value) => ({ value }))} onChange={(encoding) => change({ encoding })} /></Line>
                  </div>
                </>
              )}
            </Part>
          </Panel>
        </div>
      </Variables>
      <Panel title={t('answers')} note={t('answersNote')}>{answers.map(({ of, hint }) => <Line key={of} label={t(`outcome_${of}`)} hint={hint}><MatchRows matches={form[of]} name={t(`outcome_${of}`)} onChange={(matches) => set({ [of]: matches })} /></Line>)}</Panel>
      <Receipts form={form} set={set} />
      <More form={form} set={set} />
    </>
  );
}

// A channel by field. `kept`: the secrets that are set.
export function ChannelForm({ form, known, kept, disabled, onChange }: { form: Values; known: boolean; kept: string[]; disabled: boolean; onChange: (form: Values) => void }) {
  const set = (change: Partial<Values>) => onChange({ ...form, ...change });
  const secrets = <Secrets form={form} set={set} kept={kept} />;
  return (
    <Form layout="vertical" component="div" disabled={disabled} autoComplete="off">
      <div className="stack">
        <Basics form={form} known={known} set={set} />
        {form.kind === 'http' && <Http form={form} set={set} secrets={secrets} />}
        {form.kind === 'mail' && <><Mail form={form} set={set} />{secrets}</>}
      </div>
    </Form>
  );
}
