import type { Task } from '../../../api/schema';

export type Step = 'accept' | 'done' | 'refuse';

// What may be done next with a task, the likeliest first; the server says the same.
export function stepsOf(state: Task['state']): Step[] {
  if (state === 'waiting') return ['accept', 'done', 'refuse'];
  return state === 'accepted' ? ['done'] : [];
}

export const isLate = ({ state, due }: Pick<Task, 'state' | 'due'>, nowMs: number): boolean => stepsOf(state).length > 0 && due !== undefined && Date.parse(due) < nowMs;

// "manager:王芳" -> 王芳
export const receiverOf = (to: string): string => to.slice(to.indexOf(':') + 1);
