import type { Consents } from '../../../api/schema';

export interface Matrix { purposes: string[]; rows: { channel: string; cells: Record<string, { allowed: number; refused: number }> }[] }

// "all" stands first, the others by name.
const order = (a: string, b: string) => (a === b ? 0 : a === '*' ? -1 : b === '*' ? 1 : a.localeCompare(b));

// A row for each channel, a column for each purpose.
export function matrixOf(consents: Consents['consents']): Matrix {
  const rows = new Map<string, Matrix['rows'][number]['cells']>();
  for (const { channel, purpose, allowed_by: allowed = 0, refused_by: refused = 0 } of consents) rows.set(channel, { ...rows.get(channel), [purpose]: { allowed, refused } });
  return {
    purposes: [...new Set(consents.map(({ purpose }) => purpose))].sort(order),
    rows: [...rows].map(([channel, cells]) => ({ channel, cells })).sort((a, b) => order(a.channel, b.channel)),
  };
}
