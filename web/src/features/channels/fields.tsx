// Fields of a channel's form. `name`: what a field belongs to, as it is called aloud.
import { useRef, type ReactNode } from 'react';
import { AutoComplete, Button, Form, Input, InputNumber, Select, Switch } from 'antd';
import { useTexts } from '../../lib/texts';
import { Rows } from '../../ui/Rows';
import type { Call, Match, Pair, Place } from './core/description';
import { texts, type ChannelKey } from './texts';

export function Line({ label, hint, children }: { label: string; hint?: ReactNode; children: ReactNode }) {
  return <Form.Item label={label} extra={hint} style={{ marginBottom: 12 }}>{children}</Form.Item>;
}

export function TextLine({ label, hint, value, code = true, rows, placeholder, disabled, onChange }: { label: string; hint?: ReactNode; value: string; code?: boolean; rows?: number; placeholder?: string; disabled?: boolean; onChange: (value: string) => void }) {
  const given = { 'aria-label': label, className: code ? 'code' : undefined, spellCheck: false, placeholder, disabled, value };
  return <Line label={label} hint={hint}>{rows ? <Input.TextArea {...given} rows={rows} onChange={(event) => onChange(event.target.value)} /> : <Input {...given} onChange={(event) => onChange(event.target.value)} />}</Line>;
}

export function NumberLine({ label, hint, value, min = 1, max, placeholder, unit, onChange }: { label: string; hint?: ReactNode; value: number | undefined; min?: number; max: number; placeholder?: string; unit?: string; onChange: (value?: number) => void }) {
  return <Line label={label} hint={hint}><InputNumber aria-label={label} min={min} max={max} precision={0} placeholder={placeholder} suffix={unit} style={{ width: 140 }} value={value} onChange={(next) => onChange(next ?? undefined)} /></Line>;
}

// A part of the description that may be left out.
export function Part<Of>({ label, hint, value, fresh, onChange, children }: { label: string; hint: string; value: Of | undefined; fresh: Of; onChange: (value: Of | undefined) => void; children: (value: Of, set: (change: Partial<Of>) => void) => ReactNode }) {
  return (
    <>
      <div className="row" style={{ marginBottom: value === undefined ? 0 : 12 }}><Switch size="small" aria-label={label} checked={value !== undefined} onChange={(on) => onChange(on ? fresh : undefined)} /> <span>{label}</span> <span className="quiet">{hint}</span></div>
      {value !== undefined && children(value, (change) => onChange({ ...value, ...change }))}
    </>
  );
}

export function PairRows({ pairs, add, name, first, second, value, onChange }: { pairs: Pair[]; add: string; name: string; first: string; second: string; value?: (pair: Pair, set: (value: string) => void, label: string) => ReactNode; onChange: (pairs: Pair[]) => void }) {
  return (
    <Rows<Pair> rows={pairs} fresh={{ name: '', value: '' }} add={add} name={name} onChange={onChange}>
      {(pair, set, label) => (
        <>
          <Input aria-label={label(first)} placeholder={first} className="code" spellCheck={false} style={{ width: 180 }} value={pair.name} onChange={(event) => set({ name: event.target.value })} />
          {value ? value(pair, (next) => set({ value: next }), label(second)) : <Input aria-label={label(second)} placeholder={second} className="code" spellCheck={false} style={{ flex: 1, minWidth: 160 }} value={pair.value} onChange={(event) => set({ value: event.target.value })} />}
        </>
      )}
    </Rows>
  );
}

const kMethods = ['POST', 'GET', 'PUT', 'DELETE'].map((value) => ({ value }));

export function CallFields({ call, name, onChange }: { call: Call; name: string; onChange: (call: Call) => void }) {
  const t = useTexts(texts);
  const set = (change: Partial<Call>) => onChange({ ...call, ...change });
  const of = (field: ChannelKey) => `${name} ${t(field)}`;
  return (
    <>
      <Line label={t('url')}>
        <div className="row" style={{ flexWrap: 'nowrap' }}>
          <Select aria-label={of('method')} style={{ width: 100, flex: 'none' }} value={call.method} options={kMethods} onChange={(method) => set({ method })} />
          <Input aria-label={of('url')} className="code" spellCheck={false} placeholder="https://sms.provider.example/send" value={call.url} onChange={(event) => set({ url: event.target.value })} />
        </div>
      </Line>
      <Line label={t('headers')}><PairRows pairs={call.headers} add={t('addHeader')} name={of('header')} first={t('name')} second={t('value')} onChange={(headers) => set({ headers })} /></Line>
      {call.method !== 'GET' && <Line label={t('body')}><Input.TextArea aria-label={of('body')} className="code" spellCheck={false} rows={5} value={call.body} onChange={(event) => set({ body: event.target.value })} /></Line>}
      <Line label={t('timeout')}><InputNumber aria-label={of('timeout')} min={100} max={60_000} step={1_000} precision={0} placeholder="10000" suffix="ms" style={{ width: 140 }} value={call.timeout_ms} onChange={(timeout_ms) => set({ timeout_ms: timeout_ms ?? undefined })} /></Line>
    </>
  );
}

const kStatuses = ['200', '2xx', '4xx', '429', '5xx'].map((value) => ({ value }));

// Answers: a status, and places of its JSON that have one of some values.
export function MatchRows({ matches, name, onChange }: { matches: Match[]; name: string; onChange: (matches: Match[]) => void }) {
  const t = useTexts(texts);
  return (
    <Rows<Match> rows={matches} fresh={{ status: '', where: [] }} add={t('addMatch')} name={name} onChange={onChange}>
      {({ status, where }, set, label) => (
        <>
          <span className="quiet">{t('status')}</span><AutoComplete aria-label={label(t('status'))} placeholder="2xx" style={{ width: 110 }} value={status} options={kStatuses} onChange={(next: string) => set({ status: next })} />
          <div style={{ flex: '1 1 320px' }}>
            <Rows<Place> rows={where} fresh={{ place: '/', values: [] }} add={t('addPlace')} name={label(t('place'))} onChange={(next) => set({ where: next })}>
              {({ place, values }, change, said) => (
                <>
                  <Input aria-label={said(t('place'))} placeholder="/code" className="code" spellCheck={false} style={{ width: 110 }} value={place} onChange={(event) => change({ place: event.target.value })} />
                  <Select mode="tags" aria-label={said(t('values'))} placeholder={t('valuesHint')} style={{ flex: 1, minWidth: 120 }} value={values} open={false} suffixIcon={null} tokenSeparators={[',', '，']} onChange={(next: string[]) => change({ values: next })} />
                </>
              )}
            </Rows>
          </div>
        </>
      )}
    </Rows>
  );
}

export const kVariables = ['address', 'text', 'text_base64', 'key', 'journey', 'node', 'channel', 'time', 'time_ms', 'body', 'sign'] as const;

// Around fields in which variables may stand: a press on one writes it where the cursor was.
export function Variables({ names, children }: { names: string[]; children: ReactNode }) {
  const t = useTexts(texts);
  const last = useRef<HTMLInputElement | HTMLTextAreaElement>(undefined);
  const insert = (name: string) => {
    const field = last.current;
    if (!field?.isConnected) return;
    field.setRangeText(`{{${name}}}`, field.selectionStart ?? field.value.length, field.selectionEnd ?? field.value.length, 'end');
    field.dispatchEvent(new Event('input', { bubbles: true }));
    field.focus();
  };
  return (
    <div onFocus={({ target }) => { if ((target instanceof HTMLInputElement && target.classList.contains('code')) || target instanceof HTMLTextAreaElement) last.current = target; }}>
      {children}
      <div className="row" role="group" aria-label={t('variables')}><span className="quiet">{t('variables')}</span>{names.map((name) => <Button key={name} size="small" className="code" onMouseDown={(event) => event.preventDefault()} onClick={() => insert(name)} title={(kVariables as readonly string[]).includes(name) ? t(`var_${name}` as ChannelKey) : t('var_secret')}>{`{{${name}}}`}</Button>)}</div>
    </div>
  );
}
