// A file's rows as events: what each column is, and what a row is called, so that it counts once however often it is sent.
import type { Events } from '../../../api/schema';
import type { Csv } from '../../../lib/csvRead';

export interface Plan {
  event: string; // of every row, when no column says it
  eventFrom?: string; // heading of the column that does
  time?: string; // heading; without it a row is of now
  identity: { key: string; heading: string };
}

export const kChunk = 500;
const kNumber = /^-?(0|[1-9]\d{0,14})(\.\d{1,6})?$/, kFlag = /^(true|false)$/i;
const folded = (text: string) => text.trim().toLowerCase();

// Headings that say what they are.
export function guess(headings: string[]): Plan {
  const find = (...words: string[]) => headings.find((heading) => words.includes(folded(heading)));
  const who = find('login', 'user_id', 'userid', 'customer_id', '登录号', '客户号', 'distinct_id');
  return { event: '', eventFrom: find('event', 'event_name', '事件'), time: find('time', 'timestamp', 'event_time', '时间', '发生时间'), identity: { key: who === '客户号' ? 'customer_no' : who === 'distinct_id' ? 'distinct' : 'login', heading: who ?? '' } };
}

export const isReady = ({ event, eventFrom, identity }: Plan): boolean => (eventFrom !== undefined || event.trim() !== '') && identity.key !== '' && identity.heading !== '';

// What all values of a column are; what is empty says nothing.
export function typesOf({ headings, rows }: Csv): ('text' | 'number' | 'flag')[] {
  return headings.map((_, at) => {
    const all = (pattern: RegExp) => rows.every((row) => { const cell = (row[at] ?? '').trim(); return cell === '' || pattern.test(cell); });
    return all(/^$/) ? 'text' : all(kNumber) ? 'number' : all(kFlag) ? 'flag' : 'text';
  });
}

const kTime = /^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[T\s]+(\d{1,2})(:\d{2})(:\d{2})?(.*))?$/;
const padded = (digits: string) => digits.padStart(2, '0');

// As the server reads times: milliseconds, or ISO 8601. Ten digits are seconds; a day is its beginning.
export function timeOf(cell: string): string | number {
  if (/^\d{10}$/.test(cell)) return Number(cell) * 1_000;
  if (/^\d{13}$/.test(cell)) return Number(cell);
  const [, year, month, day, hour = '0', minutes = ':00', seconds = ':00', rest = ''] = kTime.exec(cell) ?? [];
  return year ? `${year}-${padded(month!)}-${padded(day!)}T${padded(hour)}${minutes}${seconds}${rest}` : cell;
}

// Tells one file, mapped in one way, from others.
export function importId(plan: Plan, text: string): string {
  let a = 0xdeadbeef, b = 0x41c6ce57;
  for (const letter of JSON.stringify(plan) + text) {
    const code = letter.codePointAt(0)!;
    a = Math.imul(a ^ code, 2_654_435_761);
    b = Math.imul(b ^ code, 1_597_334_677);
  }
  return [a ^ (b >>> 16), b ^ (a >>> 13)].map((half) => (half >>> 0).toString(16).padStart(8, '0')).join('');
}

// Rows `begin` to `begin + kChunk`; columns that are neither event, time nor identity are properties.
export function eventsOf(plan: Plan, id: string, { headings, rows }: Csv, types: ReturnType<typeof typesOf>, begin: number): Events {
  const at = (heading: string | undefined) => (heading === undefined ? -1 : headings.indexOf(heading));
  const event = at(plan.eventFrom), time = at(plan.time), who = at(plan.identity.heading);
  return rows.slice(begin, begin + kChunk).map((row, i) => {
    const cell = (column: number) => (row[column] ?? '').trim();
    const properties: Record<string, unknown> = {};
    headings.forEach((heading, column) => {
      const text = cell(column);
      if (text === '' || heading.trim() === '' || [event, time, who].includes(column)) return;
      properties[heading.trim()] = types[column] === 'number' ? Number(text) : types[column] === 'flag' ? folded(text) === 'true' : text;
    });
    return { event: event < 0 ? plan.event.trim() : cell(event), identities: { [plan.identity.key]: cell(who) }, message_id: `${id}-${begin + i + 1}`, ...(time < 0 || cell(time) === '' ? {} : { time: timeOf(cell(time)) }), properties } as unknown as Events[number];
  });
}
