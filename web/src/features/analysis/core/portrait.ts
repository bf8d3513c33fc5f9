// Portraits: what they ask and say (docs/questions.md), and the rules that their rows are.
export type PortraitField = string | { customer: string } | { tag: string };

export interface Crowd {
  name: string; // the segment's id; twice the same with another day is before and after
  who: { eql: string };
  values_at?: string; // a day: tags as of it
}

export interface PortraitQuestion {
  ask: 'portrait';
  zone?: string;
  groups: Crowd[];
  who?: { eql: string };
  by?: PortraitField[];
  cross?: [PortraitField, PortraitField][];
  top?: number;
}

type Scalar = string | number | boolean | null;
export type PortraitValue = Scalar | { from?: number | string; to?: number | string };

export interface PortraitCell {
  count: number;
  share: number;
  base: number;
  base_share: number;
  tgi: number | null;
  low: number | null;
  high: number | null;
  q: number | null;
}

export interface Named {
  customer?: string;
  tag?: string;
}

export interface PortraitTable<Value = PortraitValue> extends Named {
  type?: string;
  of?: Named[];
  known: number[];
  gain: (number | null)[];
  psi: (number | null)[];
  rows: { value: Value | '$other'; groups: PortraitCell[] }[];
}

export interface PortraitAnswer {
  base: { count: number };
  groups: { name: string; count: number; share: number; values_at: string; shared: number[]; most_telling: (Named & { gain: number })[] }[];
  fields: PortraitTable[];
  crosses: PortraitTable<[PortraitValue, PortraitValue]>[];
}

const kSelected = /^(?:FIND customer WHERE )?IN SEGMENT (\S+)$/;
export const segmentOf = (who: { eql: string } | undefined): string | undefined => (who ? kSelected.exec(who.eql)?.[1] : undefined);
export const inSegment = (id: string) => ({ eql: `IN SEGMENT ${id}` });

export const portraitOf = (ids: string[], zone?: string): PortraitQuestion => ({ ask: 'portrait', zone, groups: ids.map((id) => ({ name: id, who: inSegment(id) })) });

export const fieldKey = (field: PortraitField): string => (typeof field === 'string' ? `customer ${field}` : 'tag' in field ? `tag ${field.tag}` : `customer ${field.customer}`);
export const fieldOf = (key: string): PortraitField => (key.startsWith('tag ') ? { tag: key.slice(4) } : { customer: key.slice(9) });
export const keyOf = ({ tag, customer = '' }: Named): string => (tag !== undefined ? `tag ${tag}` : `customer ${customer}`);

// What a difference from the base is, when it is more than chance.
export function verdict({ tgi, q }: PortraitCell): 'more' | 'less' | undefined {
  if (tgi === null || q === null || q >= 0.05) return undefined;
  return tgi > 100 ? 'more' : 'less';
}

const named = (name: string) => (/^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(name) ? name : `"${name.replaceAll('"', '""')}"`);
const written = (value: number | string | boolean) => (typeof value === 'string' ? `'${value.replaceAll("'", "''")}'` : String(value));

// The row as a rule; others are no rule.
export function ruleOf(field: Named & { type?: string }, value: PortraitValue | '$other'): string | undefined {
  if (value === '$other') return undefined;
  const left = field.tag !== undefined ? `TAG(${named(field.tag)})` : named(field.customer ?? '');
  if (value === null) return `${left} IS NULL`;
  if (typeof value !== 'object') return field.type === 'list' ? `${left} HAS ANY (${written(value)})` : `${left} = ${written(value)}`;
  const ends = [value.from === undefined ? [] : [`${left} >= ${written(value.from)}`], value.to === undefined ? [] : [`${left} < ${written(value.to)}`]].flat();
  return ends.length > 0 ? ends.join(' AND ') : undefined;
}

export function sayValue(value: PortraitValue | '$other', say: { other: string; none: string; yes: string; no: string; number: (value: number) => string }): string {
  if (value === '$other') return say.other;
  if (value === null) return say.none;
  if (typeof value === 'boolean') return value ? say.yes : say.no;
  if (typeof value === 'number') return say.number(value);
  if (typeof value === 'string') return value;
  const end = (of: number | string) => (typeof of === 'number' ? say.number(of) : of);
  if (value.from === undefined) return value.to === undefined ? '–' : `< ${end(value.to)}`;
  return value.to === undefined ? `≥ ${end(value.from)}` : `${end(value.from)} – ${end(value.to)}`;
}

// A cross as rows and columns, each in the order in which they came.
export function matrix(table: PortraitTable<[PortraitValue, PortraitValue]>): { rows: PortraitValue[]; columns: PortraitValue[]; cell: (row: PortraitValue, column: PortraitValue) => PortraitCell[] | undefined } {
  const key = (value: unknown) => JSON.stringify(value);
  const rows = new Map<string, PortraitValue>(), columns = new Map<string, PortraitValue>(), cells = new Map<string, PortraitCell[]>();
  for (const { value, groups } of table.rows) {
    if (value === '$other') continue;
    rows.set(key(value[0]), value[0]);
    columns.set(key(value[1]), value[1]);
    cells.set(key(value), groups);
  }
  return { rows: [...rows.values()], columns: [...columns.values()], cell: (row, column) => cells.get(key([row, column])) };
}
