// Fields of node editors. Each shows what the server says is wrong with it.
import { createContext, useContext, useState, type ReactNode } from 'react';
import { Button, DatePicker, Input, InputNumber, Select, Switch } from 'antd';
import { CloseOutlined, PlusOutlined } from '@ant-design/icons';
import dayjs from 'dayjs';
import { useNames } from '../../api/names';
import { labelOf } from '../../lib/label';
import { useLanguage, useTexts } from '../../lib/texts';
import { DurationInput } from '../../ui/DurationInput';
import { EventSelect } from '../../ui/EventSelect';
import { OpenSelect } from '../../ui/OpenSelect';
import type { Branch, Happening, Occasion } from './core/definition';
import { faultWord, type Fault } from './faults';
import { texts, type JourneyKey } from './texts';

export const Faults = createContext<Fault[]>([]);

// "steps[0].text of wave 2" is within "steps".
const within = (of: string, field: string) => of !== '' && field.startsWith(of) && /^([.[ ]|$)/.test(field.slice(of.length));

// A labelled field, with the faults that the server found in `of`: one place of the definition, or several.
export function Field({ label, of, children }: { label: string; of: string | readonly string[]; children: ReactNode }) {
  const t = useTexts(texts), language = useLanguage();
  // What is wrong with a text that one wave alone is told says so.
  const word = (fault: Fault) => { const wave = / of wave (\d+)$/.exec(fault.field)?.[1]; return wave ? `${t('wave', { number: wave })} · ${faultWord(fault, language)}` : faultWord(fault, language); };
  const places = typeof of === 'string' ? [of] : of;
  const found = useContext(Faults).filter(({ field }) => places.some((place) => within(place, field)));
  return (
    <div className="setting" data-of={places.join(' ')}>
      <span className="label">{label}</span>
      {children}
      {found.map((fault, i) => <div key={i} className={fault.warning ? 'fault mild' : 'fault'} role="alert" title={fault.message}>{word(fault)}</div>)}
    </div>
  );
}

export function TextField({ label, of, value, onChange, rows, code, hint }: { label: string; of: string; value: unknown; onChange: (text: string) => void; rows?: number; code?: boolean; hint?: string }) {
  const text = typeof value === 'string' ? value : '';
  return (
    <Field label={label} of={of}>
      {rows ? <Input.TextArea aria-label={label} className={code ? 'code' : undefined} placeholder={hint} rows={rows} value={text} onChange={(event) => onChange(event.target.value)} />
        : <Input aria-label={label} className={code ? 'code' : undefined} placeholder={hint} value={text} onChange={(event) => onChange(event.target.value)} />}
    </Field>
  );
}

export function NumberField({ label, of, value, onChange, min = 0, max, unit }: { label: string; of: string; value: unknown; onChange: (value: number | undefined) => void; min?: number; max?: number; unit?: string }) {
  return <Field label={label} of={of}><InputNumber aria-label={label} style={{ width: 140 }} min={min} max={max} suffix={unit} value={value as number | undefined} onChange={(number) => onChange(number ?? undefined)} /></Field>;
}

export function ChoiceField({ label, of, value, options, onChange }: { label: string; of: string; value: unknown; options: Record<string, string>; onChange: (value: string) => void }) {
  return <Field label={label} of={of}><Select aria-label={label} style={{ width: '100%' }} value={value as string | undefined} onChange={onChange} options={Object.entries(options).map(([key, text]) => ({ value: key, label: text }))} /></Field>;
}

export function FlagField({ label, of, value, usual = false, onChange }: { label: string; of: string; value: unknown; usual?: boolean; onChange: (value: boolean | undefined) => void }) {
  return <Field label={label} of={of}><div><Switch size="small" aria-label={label} checked={(value ?? usual) === true} onChange={(on) => onChange(on === usual ? undefined : on)} /></div></Field>;
}

// Fields that few ask for stand closed, until one of them is set or wrong.
export function Group({ title, of, set, children }: { title: string; of: readonly string[]; set: boolean; children: ReactNode }) {
  const [open, setOpen] = useState(set);
  const wrong = useContext(Faults).some(({ field, warning }) => !warning && of.some((place) => within(place, field)));
  return <details className="more" open={open || wrong} onToggle={(event) => setOpen(event.currentTarget.open)}><summary>{title}</summary>{children}</details>;
}

interface Named { id?: string; name_zh?: string; name_en?: string }

// One of those that there are, or another by its id.
export function ChosenField({ label, of, value, from, onChange }: { label: string; of: string; value: unknown; from: readonly Named[]; onChange: (id: string | undefined) => void }) {
  const language = useLanguage();
  const found = (id: string) => from.find((one) => one.id === id);
  const nameOf = (id: string) => { const one = found(id); return one ? labelOf({ ...one, id }, language) : id; };
  return <Field label={label} of={of}><OpenSelect aria-label={label} width="100%" allowClear placeholder={label} usual={from.flatMap(({ id }) => id ?? [])} nameOf={nameOf} value={String(value ?? '')} onChange={onChange} /></Field>;
}

// A property of events or an attribute of customers: one of the tracking plan, or another by its name.
export function PropertyField({ label, of, value, hint, onChange }: { label: string; of: string; value: unknown; hint?: string; onChange: (name: string | undefined) => void }) {
  const names = useNames();
  return <Field label={label} of={of}><OpenSelect aria-label={label} width="100%" allowClear placeholder={hint ?? label} usual={names.properties.map(({ name }) => name)} nameOf={names.property} value={String(value ?? '')} onChange={onChange} /></Field>;
}

// A moment of the journey's zone, "2026-12-01 09:00".
export function MomentInput({ label, value, onChange }: { label: string; value: unknown; onChange: (text: string | undefined) => void }) {
  const moment = typeof value === 'string' && value ? dayjs(value.replace(' ', 'T')) : null;
  return <DatePicker aria-label={label} style={{ width: '100%' }} showTime={{ format: 'HH:mm' }} format="YYYY-MM-DD HH:mm" placeholder={label} value={moment} onChange={(chosen) => onChange(chosen?.format('YYYY-MM-DD HH:mm'))} />;
}

export function MomentField({ of, ...input }: { label: string; of: string; value: unknown; onChange: (text: string | undefined) => void }) {
  return <Field label={input.label} of={of}><MomentInput {...input} /></Field>;
}

export function DurationField({ label, of, ...input }: { label: string; of: string; value: unknown; onChange: (value: string | undefined) => void }) {
  return <Field label={label} of={of}><DurationInput label={label} {...input} /></Field>;
}

// An event, perhaps with a condition of it; "" where it may be left out.
export function HappeningField({ label, of, value, optional, onChange }: { label: string; of: string; value: Happening | undefined; optional?: boolean; onChange: (value: Happening) => void }) {
  const t = useTexts(texts);
  const { event, where } = typeof value === 'object' ? value : { event: value ?? '', where: undefined };
  const set = (next: string, condition: string | undefined) => onChange(next && condition ? { event: next, where: condition } : next);
  return (
    <Field label={label} of={of}>
      <div className="row"><EventSelect any={false} clearable={optional} label={label} value={event} onChange={(next) => set(next, where)} /></div>
      <Input aria-label={`${label} ${t('where')}`} className="code" placeholder={t('whereHint')} value={where ?? ''} onChange={(change) => set(event, change.target.value)} />
    </Field>
  );
}

const kNoOccasion = { event: undefined, where: undefined, when: undefined, receipt: undefined };
const kOccasions = { event: { ...kNoOccasion, event: '' }, when: { ...kNoOccasion, when: '' }, receipt: { ...kNoOccasion, receipt: 'delivered' } };
const kBy = ['event', 'when', 'receipt'] as const;
export const kReceipts = ['sent', 'accepted', 'delivered', 'opened', 'clicked', 'replied'] as const;

// Something that is done, perhaps with a condition of it, or a condition on the customer that becomes true, or,
// with `receipts`, what becomes of a message.
export function OccasionInput({ label, value, receipts, onChange }: { label: string; value: Occasion; receipts?: boolean; onChange: (changed: Occasion) => void }) {
  const t = useTexts(texts);
  const by: (typeof kBy)[number] = value.receipt !== undefined ? 'receipt' : value.when !== undefined ? 'when' : 'event';
  return (
    <>
      <Select aria-label={`${label} ${t('by')}`} style={{ width: '100%' }} value={by} onChange={(next) => onChange(kOccasions[next])} options={kBy.filter((one) => receipts || one !== 'receipt').map((one) => ({ value: one, label: t(`by_${one}`) }))} />
      {by === 'receipt' ? (
        <Select aria-label={`${label} ${t('receipt')}`} style={{ width: '100%' }} value={value.receipt} onChange={(receipt) => onChange({ receipt })} options={kReceipts.map((one) => ({ value: one as string, label: t(`outcome_${one}`) }))} />
      ) : by === 'event' ? (
        <>
          <div className="row"><EventSelect any={false} label={label} value={value.event ?? ''} onChange={(event) => onChange({ event })} /></div>
          <Input aria-label={`${label} ${t('where')}`} className="code" placeholder={t('whereHint')} value={value.where ?? ''} onChange={(event) => onChange({ where: event.target.value || undefined })} />
        </>
      ) : (
        <Input.TextArea aria-label={`${label} ${t('condition')}`} className="code" placeholder={t('followedHint')} rows={2} value={value.when} onChange={(event) => onChange({ when: event.target.value })} />
      )}
    </>
  );
}

// A list of like things, each with its own fields.
export function Rows<Row>({ label, of, rows, make, most, onChange, children }: { label: string; of: string; rows: Row[]; make: (index: number) => Row; most: number; onChange: (rows: Row[], index?: number) => void; children: (row: Row, set: (changed: Partial<Row>) => void) => ReactNode }) {
  const t = useTexts(texts);
  return (
    <Field label={label} of={of}>
      {rows.map((row, i) => (
        <div key={i} className="branch">
          <div className="stack tight">{children(row, (changed) => onChange(rows.map((old, j) => (j === i ? { ...old, ...changed } : old)), i))}</div>
          <Button type="text" size="small" aria-label={t('remove')} icon={<CloseOutlined />} onClick={() => onChange(rows.filter((_, j) => j !== i))} />
        </div>
      ))}
      <div><Button size="small" type="dashed" icon={<PlusOutlined />} disabled={rows.length >= most || undefined} onClick={() => onChange([...rows, make(rows.length)])}>{t('add')}</Button></div>
    </Field>
  );
}

const kMostBranches = 30;

// Branches of a node: a name each, and what `children` adds.
export function BranchesField({ branches, onChange, make, children }: {
  branches: Branch[] | undefined; onChange: (branches: Branch[], renamed?: [string, string]) => void; make: Partial<Branch>; children?: (branch: Branch, set: (changed: Partial<Branch>) => void) => ReactNode;
}) {
  const t = useTexts(texts);
  const rows = branches ?? [];
  const change = (changed: Branch[], index?: number) => {
    const before = index === undefined ? undefined : rows[index]?.outcome, after = index === undefined ? undefined : changed[index]?.outcome;
    onChange(changed, before !== undefined && after !== undefined && before !== after ? [before, after] : undefined);
  };
  return (
    <Rows label={t('branches')} of="branches" rows={rows} most={kMostBranches} onChange={change} make={(index) => ({ outcome: String.fromCharCode(97 + (index % 26)) + (index >= 26 ? index : ''), ...make })}>
      {(branch, set) => (
        <>
          <Input aria-label={t('branchName')} prefix={<span className="quiet">{t('branchName')}</span>} value={branch.outcome} onChange={(event) => set({ outcome: event.target.value })} />
          {children?.(branch, set)}
        </>
      )}
    </Rows>
  );
}

export const words = (t: (key: JourneyKey) => string, prefix: string, keys: readonly string[]): Record<string, string> =>
  Object.fromEntries(keys.map((key) => [key, t(`${prefix}_${key}` as JourneyKey)]));
