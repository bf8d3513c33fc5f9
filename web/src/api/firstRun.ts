// Which steps of the first run real data has already ticked.
import type { TrackingPlan } from './schema';

export type StepName = 'event' | 'plan' | 'customer' | 'question' | 'segment' | 'journey';

export const kSteps: readonly StepName[] = ['event', 'plan', 'customer', 'question', 'segment', 'journey'];

const kAsked = 'waypost.asked';

// Remembers that a question was answered in this browser; the server keeps no such record yet.
export function rememberAsked() {
  localStorage.setItem(kAsked, '1');
}

export const hasAsked = () => localStorage.getItem(kAsked) === '1';

// Somebody has said what an event is.
export const hasDeclared = (plan: TrackingPlan | undefined) => (plan?.events ?? []).some(({ declared }) => declared === true);

export const hasEvents = (plan: TrackingPlan | undefined) => (plan?.events ?? []).some(({ count }) => (count ?? 0) > 0);

// How many there are of each.
export interface Made { customers: number; segments: number; journeys: number }

export function progress(plan: TrackingPlan | undefined, made: Made, asked: boolean): Record<StepName, boolean> {
  return {
    event: hasEvents(plan),
    plan: hasDeclared(plan),
    customer: made.customers > 0,
    question: asked,
    segment: made.segments > 0,
    journey: made.journeys > 0,
  };
}
