// The steps of a tag's life that each state allows, the usual next one first; as docs/tags.md draws them.
import type { Tag } from '../../../api/schema';

export type Step = 'submit' | 'certify' | 'reject' | 'launch' | 'freeze' | 'thaw' | 'retire' | 'revive';

const kSteps: Record<Tag['state'], Step[]> = {
  draft: ['submit', 'retire'],
  submitted: ['certify', 'reject'],
  certified: ['launch', 'retire'],
  live: ['freeze', 'retire'],
  frozen: ['thaw', 'retire'],
  retired: ['revive'],
};

// What takes something away from those who use the tag is never what the page offers first.
export const hurts = (step: Step) => step === 'freeze' || step === 'retire' || step === 'reject';

export const needsApproval = (step: Step) => step === 'certify' || step === 'reject';

// Those that somebody with these rights may take.
export const stepsOf = (state: Tag['state'], may: (right: string) => boolean): Step[] =>
  kSteps[state].filter((step) => may(needsApproval(step) ? 'tags.approve' : 'tags.change'));
