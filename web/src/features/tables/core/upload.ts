// A file's rows as the server takes them: which column of the file fills which of the table, and whose a row is.
import type { RowUpload, Table } from '../../../api/schema';

export interface Plan {
  from: Record<string, string>; // column of the table -> heading of the file
  identity?: { key: string; heading: string };
}

export const kChunk = 5_000;
const folded = (text: string) => text.trim().toLowerCase();

// Headings that are called as a column is, by its name or in either language.
export function guess(table: Table, headings: string[]): Plan {
  const find = (...words: (string | undefined)[]) => headings.find((heading) => words.some((word) => word && folded(word) === folded(heading)));
  const from: Record<string, string> = {};
  for (const { name, zh, en } of table.columns) {
    const heading = find(name, zh, en);
    if (heading !== undefined) from[name] = heading;
  }
  if (table.belongs_to !== 'customer') return { from };
  const heading = find('login', '登录号', 'user_id', 'customer_id', '客户号');
  return { from, identity: { key: heading === '客户号' ? 'customer_no' : 'login', heading: heading ?? '' } };
}

// What is still missing before a row can be sent.
export function lacks(table: Table, plan: Plan): string[] {
  const keys = (table.key ?? []).filter((name) => !plan.from[name]);
  return plan.identity && !(plan.identity.key && plan.identity.heading) ? [...keys, 'identity'] : keys;
}

// Rows `begin` to `begin + kChunk`. What is empty in the file is left out: the table has no value there. Rows of a
// table without a key are called after the file and their line.
export function chunkOf(table: Table, plan: Plan, file: string, headings: string[], rows: string[][], begin: number): RowUpload {
  const at = new Map(headings.map((heading, i) => [heading, i]));
  const columns = Object.entries(plan.from).map(([name, heading]) => ({ name, at: at.get(heading)! }));
  const whose = plan.identity && at.get(plan.identity.heading);
  return {
    rows: rows.slice(begin, begin + kChunk).map((row, i) => ({
      ...(table.key?.length ? {} : { name: `${file}:${begin + i + 1}` }),
      ...(whose === undefined ? {} : { identities: { [plan.identity!.key]: (row[whose] ?? '').trim() } }),
      values: Object.fromEntries(columns.flatMap(({ name, at: i }) => { const value = (row[i] ?? '').trim(); return value === '' ? [] : [[name, value]]; })),
    })),
  };
}

// "rows[17].values.amount: is no decimal" of the chunk at `begin` -> the line of the file it is about.
export function lineOf(message: string, begin: number): number | undefined {
  const row = /rows\[(\d+)\]/.exec(message)?.[1];
  return row === undefined ? undefined : begin + Number(row) + 2;
}
