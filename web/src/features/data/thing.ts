import type { PlanEvent, PlanProperty } from '../../api/schema';

// What the plan lists: an event or a property.
export type Thing = PlanEvent & PlanProperty;
