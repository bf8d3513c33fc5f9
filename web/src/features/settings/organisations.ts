import type { Organisation } from '../../api/schema';

export interface Branch extends Organisation {
  children?: Branch[];
}

// Those that were found, and what they belong to, as they stand among all.
export function withAncestors(found: Organisation[], all: Organisation[]): Organisation[] {
  const parents = new Map(all.map(({ id, parent }) => [id, parent]));
  const shown = new Set<string>();
  for (const { id } of found) for (let at: string | undefined = id; at && !shown.has(at); at = parents.get(at)) shown.add(at);
  return all.filter(({ id }) => shown.has(id));
}

// What stands at the top, with what stands below each. One whose parent is not there is shown at the top.
export function treeOf(all: Organisation[]): Branch[] {
  const ids = new Set(all.map(({ id }) => id));
  const below = (parent: string): Branch[] =>
    all.filter((one) => (ids.has(one.parent) ? one.parent : '') === parent).map((one) => {
      const children = below(one.id);
      return children.length ? { ...one, children } : one;
    });
  return below('');
}
