// @vitest-environment jsdom
import { waitsFor } from './approvals';
import type { Approval } from './schema';

const request: Approval = {
  subject: 'journey/payday', hash: 'h', asker: 'eve', asked_ms: 0, level: 0, state: 'open', ballots: [],
  flow: { levels: [{ name: 'compliance', rule: 'any', people: ['ann', 'eve'] }, { name: 'lead', rule: 'all', people: ['li'] }] },
};
const yes = (person: string, level: number) => ({ person, level, yes: true, comment: '', at_ms: 1 });

test.each([
  ['one of the level is asked', request, 'ann', true],
  ['who asked is not', request, 'eve', false],
  ['who comes at a later level is not yet', request, 'li', false],
  ['and is when it is reached', { ...request, level: 1, ballots: [yes('ann', 0)] }, 'li', true],
  ['who has voted is not asked again', { ...request, ballots: [yes('ann', 0)] }, 'ann', false],
  ['nobody is when it is over', { ...request, state: 'rejected' as const }, 'ann', false],
])('%s', (_, of, person, expected) => expect(waitsFor(of, person)).toBe(expected));
