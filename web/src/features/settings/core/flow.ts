// A flow of approvals as a form asks it: how many of a level's people must agree.
import type { ApprovalFlow } from '../../../api/schema';

export type Rule = 'all' | 'any' | 'some';
export interface Level { name: string; people: string[]; rule: Rule; some: number }
export interface FlowForm { levels: Level[]; days?: number }

export const kKinds = ['journey', 'policy'] as const; // that can have a flow: docs/approvals.md
export const kMostLevels = 10, kMostPeople = 100;

export const newLevel = (): Level => ({ name: '', people: [], rule: 'any', some: 1 });

// The server says how many; of one person, "any" is what is meant.
export function formOf({ levels, open_for_days: days }: ApprovalFlow): FlowForm {
  return {
    days: days || undefined,
    levels: levels.map(({ name, people, rule }) => {
      const count = rule === 'all' ? people.length : rule === 'any' ? 1 : Number(rule);
      return { name, people, some: count, rule: count <= 1 ? 'any' : count >= people.length ? 'all' : 'some' };
    }),
  };
}

export function flowOf({ levels, days }: FlowForm): ApprovalFlow {
  return {
    levels: levels.map(({ name, people, rule, some }) => ({ name: name.trim(), people, rule: rule === 'some' ? some : rule })),
    ...(days ? { open_for_days: days } : {}),
  };
}

// What is wrong with a level, as a key of the texts.
export function faultOf({ name, people, rule, some }: Level): 'levelName' | 'levelPeople' | 'levelSome' | undefined {
  if (name.trim() === '') return 'levelName';
  if (people.length === 0 || people.length > kMostPeople) return 'levelPeople';
  return rule === 'some' && !(some >= 1 && some <= people.length) ? 'levelSome' : undefined;
}
