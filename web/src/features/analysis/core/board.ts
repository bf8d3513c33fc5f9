// Dashboards: tiles of saved questions, which may be asked of another range and of some customers only.
import type { Saved, SavedChange } from '../../../api/schema';
import type { AnyQuestion, Condition, Range } from './question';

export interface Tile {
  question: string; // of a saved one
  size: 'half' | 'whole';
}

export interface Board {
  tiles: Tile[];
}

export function boardOf({ body }: Pick<Saved, 'body'>): Board {
  const tiles = (body as Partial<Board>).tiles;
  return { tiles: Array.isArray(tiles) ? tiles.map(({ question, size }) => ({ question, size: size === 'whole' ? 'whole' : 'half' })) : [] };
}

export const changeOf = ({ name, name_en, shared, version }: Saved, board: Board): SavedChange => ({ name, name_en, shared, version, body: board as unknown as SavedChange['body'] });

// The range of the address: "30" is the last 30 days, "2026-03-01..2026-04-01" from one to before another.
export function rangeOf(text: string): Range | undefined {
  if (/^[1-9]\d{0,3}$/.test(text)) return { last: Number(text), unit: 'day' };
  const dates = /^(\d{4}-\d{2}-\d{2})\.\.(\d{4}-\d{2}-\d{2})$/.exec(text);
  return dates ? { from: dates[1]!, to: dates[2]! } : undefined;
}

// The question as the dashboard asks it. What reads no events has no range; a base that is a rule is left as
// it is, since conditions and a rule are not one thing: `limited` is false then.
export function applied(question: AnyQuestion, range: Range | undefined, who: Condition[]): { question: AnyQuestion; limited: boolean } {
  const ranged = range && 'range' in question ? { ...question, range } : question;
  if (who.length === 0) return { question: ranged, limited: true };
  const before = (ranged as { who?: unknown }).who;
  if (before !== undefined && !Array.isArray(before)) return { question: ranged, limited: false };
  return { question: { ...ranged, who: [...((before as Condition[] | undefined) ?? []), ...who] } as AnyQuestion, limited: true };
}

export function moved(tiles: Tile[], from: number, to: number): Tile[] {
  const rest = tiles.filter((_, i) => i !== from);
  return [...rest.slice(0, to), tiles[from]!, ...rest.slice(to)];
}
