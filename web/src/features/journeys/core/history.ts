// What was, what is, what was undone. Edits of the same `kind` in a row (typing in one field) are one step.
export interface History<T> {
  past: T[];
  now: T;
  future: T[];
  kind?: string;
}

const kMostSteps = 200;

export const begin = <T>(now: T): History<T> => ({ past: [], now, future: [] });

export function commit<T>(history: History<T>, now: T, kind?: string): History<T> {
  if (now === history.now) return history;
  const joins = kind !== undefined && kind === history.kind;
  return { past: joins ? history.past : [...history.past, history.now].slice(-kMostSteps), now, future: [], kind };
}

export function undo<T>({ past, now, future }: History<T>): History<T> {
  const last = past.at(-1);
  return last === undefined ? { past, now, future } : { past: past.slice(0, -1), now: last, future: [now, ...future] };
}

export function redo<T>({ past, now, future }: History<T>): History<T> {
  const [next, ...rest] = future;
  return next === undefined ? { past, now, future } : { past: [...past, now], now: next, future: rest };
}
