import type { Organisation } from '../../api/schema';

export interface Branch extends Organisation {
  children?: Branch[];
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
