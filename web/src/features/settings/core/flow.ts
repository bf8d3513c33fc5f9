// A flow of approvals as a form asks it: how many of a level's people must agree.
import type { ApprovalFlow } from '../../../api/schema';

export type Rule = 'all' | 'any' | 'some';
export interface Level { name: string; people: string[]; rule: Rule; some: number; external?: string; hours?: number } // external: the system that answers instead of people
export interface FlowForm { levels: Level[]; days?: number }

export const kKinds = ['journey', 'policy', 'template', 'text', 'export'] as const; // that can have a flow: docs/approvals.md
export type Kind = (typeof kKinds)[number];
export const kMostLevels = 10, kMostPeople = 100;

export const newLevel = (): Level => ({ name: '', people: [], rule: 'any', some: 1 });

// The server says how many; of one person, "any" is what is meant.
export function formOf({ levels, open_for_days: days }: ApprovalFlow): FlowForm {
  return {
    days: days || undefined,
    levels: levels.map(({ name, people = [], rule, external, within_hours: hours }) => {
      const count = rule === 'all' ? people.length : rule === 'any' ? 1 : Number(rule);
      const more = { ...(external ? { external } : {}), ...(hours ? { hours } : {}) };
      return { name, people, some: external ? 1 : count, rule: external || count <= 1 ? 'any' : count >= people.length ? 'all' : 'some', ...more };
    }),
  };
}

export function flowOf({ levels, days }: FlowForm): ApprovalFlow {
  return {
    levels: levels.map(({ name, people, rule, some, external, hours }) => ({
      name: name.trim(), ...(external !== undefined ? { external: external.trim() } : { people, rule: rule === 'some' ? some : rule }), ...(hours ? { within_hours: hours } : {}),
    })),
    ...(days ? { open_for_days: days } : {}),
  };
}

// What is wrong with a level, as a key of the texts.
export function faultOf({ name, people, rule, some, external }: Level): 'levelName' | 'levelPeople' | 'levelSome' | 'levelExternal' | undefined {
  if (name.trim() === '') return 'levelName';
  if (external !== undefined) return external.trim() === '' ? 'levelExternal' : undefined;
  if (people.length === 0 || people.length > kMostPeople) return 'levelPeople';
  return rule === 'some' && !(some >= 1 && some <= people.length) ? 'levelSome' : undefined;
}
