import { isNot, leafPlaces, membersOf, type Group, type Place, type Rule } from './rule';

// What the server counted of a sentence: how many it selects alone, and how many are left with all before it.
export interface Counted {
  eql: string;
  count?: number; // not of several leaves that are one sentence
  left?: number;
}
interface Estimated { everyone: number; leaves?: { eql: string; count: number }[]; after?: { eql: string; left: number }[] }

const at = (root: Group, place: Place): Rule => place.reduce<Rule>((rule, i) => membersOf(rule as Group)[i]!, root);

// The server counts leaves; a sentence that says "not" is for all others.
function counted(rule: Rule, leaves: { eql: string; count: number }[], everyone: number): Counted {
  if (isNot(rule)) {
    const { eql, count } = counted(rule.not, leaves, everyone);
    return { eql: `NOT ${leaves.length > 1 ? `(${eql})` : eql}`, count: count === undefined ? undefined : everyone - count };
  }
  return { eql: leaves.map(({ eql }) => eql).join(' … '), count: leaves.length === 1 ? leaves[0]!.count : undefined };
}

// By place; nothing while the rule and what was counted are not of each other.
export function countsOf(root: Group, { everyone, leaves = [], after = [] }: Estimated): Map<string, Counted> {
  const found = new Map<string, Counted>();
  const places = leafPlaces(root);
  if (places.length !== leaves.length) return found;
  const parts = [...new Set(places.map(([first]) => first))];
  for (const key of new Set(places.map((place) => place.join('.')))) {
    const place = key.split('.').map(Number);
    const own = leaves.filter((_, i) => places[i]!.join('.') === key);
    const part = 'and' in root && place.length === 1 ? after[parts.indexOf(place[0])] : undefined;
    found.set(key, { ...counted(at(root, place), own, everyone), ...(part && own.length > 1 && { eql: part.eql }), left: parts.length > 1 ? part?.left : undefined });
  }
  return found;
}
