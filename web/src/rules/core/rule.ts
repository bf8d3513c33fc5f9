// The rule tree as the server reads and writes it (docs/eql.md, "As JSON"), and edits of it. A place in
// it is the list of member indices from the root; the root is shown as a group, whatever it is.

export interface Span { count: number; unit: Unit }
export type Unit = 'second' | 'minute' | 'hour' | 'day' | 'week' | 'month' | 'quarter' | 'year';
export type Range = { last: number; unit: Unit; include_current?: boolean } | { next: number; unit: Unit; include_current?: boolean } | { from: unknown; to?: unknown };

export interface Test { op: string; value?: unknown }
export interface EventRule { event: string; where?: Rule }
export type Field = { field: string } & Test;
export type TagTest = { tag: string } & Test;
export type Did = { did: EventRule[]; where?: Rule; range?: Range; measure?: string; property?: string } & Test;
export interface Sequence { seq: { events: EventRule[]; within?: Span; without?: EventRule[] }[]; within?: Span; range?: Range; reached?: number }
export type Member = { segment: string } | { list: string };
export interface Sample { sample: number; seed?: string }
export type Leaf = Field | TagTest | Did | Sequence | Member | Sample | Record<string, unknown>;
export type Group = { and: Rule[] } | { or: Rule[] };
export type Rule = Group | { not: Rule } | Leaf;
export interface Query { find?: string; at?: unknown; where?: Rule; limit?: number; seed?: string }

export type Place = number[];

export const isGroup = (rule: Rule): rule is Group => 'and' in rule || 'or' in rule;
export const membersOf = (group: Group): Rule[] => ('and' in group ? group.and : group.or);
export const joinOf = (group: Group): 'and' | 'or' => ('and' in group ? 'and' : 'or');
export const groupOf = (join: 'and' | 'or', members: Rule[]): Group => (join === 'and' ? { and: members } : { or: members });
export const isNot = (rule: Rule): rule is { not: Rule } => 'not' in rule;
export const isField = (rule: Rule): rule is Field => 'field' in rule;
export const isDid = (rule: Rule): rule is Did => 'did' in rule;
export const isSequence = (rule: Rule): rule is Sequence => 'seq' in rule;
// Of the newest value: of another day, and how it changed, is text.
export const isTagTest = (rule: Rule): rule is TagTest => 'tag' in rule && 'op' in rule && !('at' in rule);
export const isSample = (rule: Rule): rule is Sample => 'sample' in rule;

export const rootOf = (query: Query): Group => {
  const { where } = query;
  return where === undefined ? { and: [] } : isGroup(where) ? where : { and: [where] };
};

// A rule as people write it: the server keeps it as a whole question. Of everyone, nothing.
export const bareRule = (eql: string): string => eql.replace(/^FIND customer( WHERE |$)/, '');

// The query with another root. A group of nothing says nothing: everyone.
export function withRoot(query: Query, root: Group): Query {
  const { where: _, ...rest } = query;
  return membersOf(root).length === 0 ? rest : { ...rest, where: root };
}

export function edit(group: Group, place: Place, change: (rule: Rule) => Rule | undefined): Group {
  const [index, ...rest] = place;
  const members = membersOf(group).flatMap((member, i) => {
    if (i !== index) return [member];
    const changed = rest.length > 0 && isGroup(member) ? edit(member, rest, change) : change(member);
    return changed === undefined || (isGroup(changed) && membersOf(changed).length === 0) ? [] : [changed];
  });
  return groupOf(joinOf(group), members);
}

export function add(group: Group, place: Place, rule: Rule): Group {
  if (place.length === 0) return groupOf(joinOf(group), [...membersOf(group), rule]);
  return edit(group, place, (found) => (isGroup(found) ? add(found, [], rule) : found));
}

// Conditions of one event: `property test` leaves that must all hold, or undefined when it says more.
export function simpleWhere(where: Rule | undefined): Field[] | undefined {
  if (where === undefined) return [];
  if (isField(where)) return [where];
  if ('and' in where && Array.isArray(where.and) && (where.and as Rule[]).every(isField)) return where.and as Field[];
  return undefined;
}

export const whereOf = (fields: Field[]): Rule | undefined => (fields.length === 0 ? undefined : fields.length === 1 ? fields[0] : { and: fields });

const hasValue = ({ op, value }: Test): boolean => {
  if (op.startsWith('is ')) return true;
  if (op === 'between') return Array.isArray(value) && value.length === 2 && value.every(isSaid);
  return Array.isArray(value) ? value.length > 0 : isSaid(value);
};
const isSaid = (value: unknown): boolean => value !== undefined && value !== null && value !== '';
const areSaid = (events: EventRule[]): boolean => events.length > 0 && events.every(({ event }) => event !== '');

// Everything the leaf needs is said.
export function isComplete(rule: Rule): boolean {
  if (isGroup(rule)) return membersOf(rule).every(isComplete);
  if (isNot(rule)) return isComplete(rule.not);
  if (isTagTest(rule)) return rule.tag !== '' && hasValue(rule);
  if (isField(rule)) return rule.field !== '' && hasValue(rule);
  if (isDid(rule)) {
    const where = simpleWhere(rule.where) ?? [];
    return areSaid(rule.did) && hasValue(rule) && where.every(isComplete) && (!needsProperty(rule.measure) || !!rule.property);
  }
  if (isSequence(rule)) return rule.seq.length > 0 && rule.seq.every(({ events }) => areSaid(events));
  if ('segment' in rule) return rule.segment !== '';
  if ('list' in rule) return rule.list !== '';
  if (isSample(rule)) return rule.sample > 0;
  return true;
}

export const needsProperty = (measure: string | undefined): boolean => ['sum', 'avg', 'max', 'min', 'distinct'].includes(measure ?? 'count');

// What can be asked already: without what is not complete.
export function completed(group: Group): Group {
  const members = membersOf(group).flatMap((member): Rule[] => {
    if (!isGroup(member)) return isComplete(member) ? [member] : [];
    const inner = completed(member);
    return membersOf(inner).length > 0 ? [inner] : [];
  });
  return groupOf(joinOf(group), members);
}

// The places of all leaves that are complete, in the order the server counts them.
export function leafPlaces(group: Group, at: Place = []): Place[] {
  return membersOf(group).flatMap((member, i): Place[] => {
    if (isGroup(member)) return leafPlaces(member, [...at, i]);
    if (!isComplete(member)) return [];
    return Array.from({ length: leafCount(member) }, () => [...at, i]);
  });
}

function leafCount(rule: Rule): number {
  if (isNot(rule)) return leafCount(rule.not);
  return isGroup(rule) ? membersOf(rule).reduce((sum, member) => sum + leafCount(member), 0) : 1;
}
