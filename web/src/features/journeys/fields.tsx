// Fields of node editors. Each shows what the server says is wrong with it.
import { createContext, useContext, type ReactNode } from 'react';
import { Button, DatePicker, Input, InputNumber, Select } from 'antd';
import { CloseOutlined, PlusOutlined } from '@ant-design/icons';
import dayjs from 'dayjs';
import { useLanguage, useTexts } from '../../lib/texts';
import { DurationInput } from '../../ui/DurationInput';
import { EventSelect } from '../../ui/EventSelect';
import type { Branch, Happening, Occasion } from './core/definition';
import { faultWord, type Fault } from './faults';
import { texts, type JourneyKey } from './texts';

export const Faults = createContext<Fault[]>([]);

// A labelled field, with the faults that the server found in `of`.
export function Field({ label, of, children }: { label: string; of: string; children: ReactNode }) {
  const language = useLanguage();
  const found = useContext(Faults).filter(({ field }) => field === of || field.startsWith(`${of}.`));
  return (
    <div className="setting">
      <span className="label">{label}</span>
      {children}
      {found.map((fault, i) => <div key={i} className={fault.warning ? 'fault mild' : 'fault'} role="alert" title={fault.message}>{faultWord(fault, language)}</div>)}
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

// A moment of the journey's zone, "2026-12-01 09:00".
export function MomentField({ label, of, value, onChange }: { label: string; of: string; value: unknown; onChange: (text: string | undefined) => void }) {
  const moment = typeof value === 'string' && value ? dayjs(value.replace(' ', 'T')) : null;
  return <Field label={label} of={of}><DatePicker aria-label={label} style={{ width: '100%' }} showTime={{ format: 'HH:mm' }} format="YYYY-MM-DD HH:mm" placeholder={label} value={moment} onChange={(chosen) => onChange(chosen?.format('YYYY-MM-DD HH:mm'))} /></Field>;
}

export function DurationField({ label, of, ...input }: { label: string; of: string; value: unknown; onChange: (value: string | undefined) => void }) {
  return <Field label={label} of={of}><DurationInput label={label} {...input} /></Field>;
}

// An event, perhaps with a condition of it.
export function HappeningField({ label, of, value, onChange }: { label: string; of: string; value: Happening | undefined; onChange: (value: Happening) => void }) {
  const t = useTexts(texts);
  const { event, where } = typeof value === 'object' ? value : { event: value ?? '', where: undefined };
  const set = (next: string, condition: string | undefined) => onChange(condition ? { event: next, where: condition } : next);
  return (
    <Field label={label} of={of}>
      <div className="row"><EventSelect any={false} label={label} value={event} onChange={(next) => set(next, where)} /></div>
      <Input aria-label={`${label} ${t('where')}`} className="code" placeholder={t('whereHint')} value={where ?? ''} onChange={(change) => set(event, change.target.value)} />
    </Field>
  );
}

// Something that is done, perhaps with a condition of it, or a condition on the customer that becomes true.
export function OccasionInput({ label, value, onChange }: { label: string; value: Occasion; onChange: (changed: Occasion) => void }) {
  const t = useTexts(texts);
  const by = value.when === undefined ? 'event' : 'when';
  return (
    <>
      <Select aria-label={`${label} ${t('by')}`} style={{ width: '100%' }} value={by} onChange={(next) => onChange(next === 'when' ? { event: undefined, where: undefined, when: '' } : { event: '', when: undefined })} options={(['event', 'when'] as const).map((one) => ({ value: one, label: t(`by_${one}`) }))} />
      {by === 'event' ? (
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
