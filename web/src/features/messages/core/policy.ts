// The rules for all messages as they were put; docs/journeys.md says what each means.
export interface Cap { name: string; scope?: string; of?: string; limit: number; rolling?: string; fixed?: 'day' | 'week' | 'month'; zone?: 'customer' | 'tenant'; reserve?: { journey: string; slots: number }[] }
export interface Window { on?: string; days?: string[]; from?: string; to?: string }
export interface ChannelRule { name: string; consent?: string; delivery?: 'at_most_once' | 'at_least_once'; per_second?: number; open?: Window[]; max_chars?: number; max_bytes?: number; tries_a_day?: number; retry_after?: string; recall?: boolean; obeys_quiet?: boolean; to?: { attribute: string; when?: string }[] }
export interface Year { year: number; days: { name: string; date: string; isOffDay: boolean }[] }
export interface Blackout { name: string; from: string; to: string }
export interface Uncapped { category: string; exempt?: boolean; counts?: boolean }
export interface Suppression { when: string; channel?: string }
export interface UnitBudget { money?: number; sends?: number; per?: 'day' | 'week' | 'month' }
export interface UnitRules { unit: string; caps?: Cap[]; quiet?: Window[]; blackouts?: Blackout[]; suppressed?: Suppression[]; channels?: { name: string; per_second: number }[]; budget?: UnitBudget }
export interface Units { attribute?: string; zones?: { unit: string; zone: string }[]; rules?: UnitRules[] }
export interface Policy {
  blackouts?: Blackout[];
  zone?: string; caps?: Cap[]; uncapped?: Uncapped[]; units?: Units; quiet?: Window[]; in_quiet?: 'delay' | 'drop' | 'other_channel'; quiet_jitter?: string; open?: Window[];
  channels?: ChannelRule[]; calendar?: Year[]; arbitration?: string; max_journeys?: number; holdout_percent?: number; stock?: { benefit: string; count: number }[];
}

// "22:00–08:00", "sat sun 09:00–18:00"
export function windowText({ on, days, from, to }: Window, say: (day: string) => string = (day) => day): string {
  const when = [on === 'weekdays' && days ? undefined : on, ...(days ?? [])].flatMap((day) => (day ? [say(day)] : [])).join(' ');
  return [when, from !== undefined || to !== undefined ? `${from ?? '00:00'}–${to ?? '24:00'}` : ''].filter(Boolean).join(' ');
}

// What is empty is not said: the rules hold just what somebody chose.
export function trimmed(policy: Policy): Policy {
  const said = ([, value]: [string, unknown]) => value !== undefined && value !== null && value !== '' && !(Array.isArray(value) && value.length === 0);
  const bare = (value: unknown): unknown => (Array.isArray(value) ? value.map(bare) : value !== null && typeof value === 'object' ? Object.fromEntries(Object.entries(value).map(([name, of]) => [name, name === 'calendar' ? of : bare(of)] as [string, unknown]).filter(said)) : value);
  return bare(policy) as Policy;
}

// What holds for a category that caps leave out: obeys none and counts for none, or just one of the two.
export type Leave = 'both' | 'exempt' | 'uncounted';
export const leaveOf = ({ exempt = true, counts = false }: Uncapped): Leave => (!exempt ? 'uncounted' : counts ? 'exempt' : 'both');
export const leftOut = (category: string, leave: Leave): Uncapped => ({ category, ...(leave === 'exempt' && { counts: true }), ...(leave === 'uncounted' && { exempt: false }) });

// What is said of units; nothing when nothing is said of any.
export const unitsOf = (units: Units): Units | undefined => (units.attribute || units.zones?.length || units.rules?.length ? units : undefined);

// A cap counts in a window that rolls, or in a day, week or month: never in both.
export function counting({ rolling: _, fixed: __, zone: ___, ...cap }: Cap, way: 'rolling' | NonNullable<Cap['fixed']>): Cap {
  return way === 'rolling' ? { ...cap, rolling: '24h' } : { ...cap, fixed: way };
}

// A file of one year as the notices of the State Council are published; nothing when it is none.
export function yearOf(text: string): Year | undefined {
  try {
    const { year, days } = JSON.parse(text) as Partial<Year>;
    const good = typeof year === 'number' && Array.isArray(days) && days.length > 0 && days.every((day) => typeof day?.name === 'string' && /^\d{4}-\d\d-\d\d$/.test(day.date) && typeof day.isOffDay === 'boolean');
    return good ? { year, days: days.map(({ name, date, isOffDay }) => ({ name, date, isOffDay })) } : undefined;
  } catch {
    return undefined;
  }
}

export const withYear = (calendar: Year[] | undefined, year: Year): Year[] => [...(calendar ?? []).filter((other) => other.year !== year.year), year].sort((a, b) => a.year - b.year);

// The document, or what keeps it from being one.
export function parsedPolicy(text: string): { policy?: Policy; what?: string } {
  try {
    const value: unknown = JSON.parse(text);
    if (value === null || typeof value !== 'object' || Array.isArray(value)) return { what: '{}' };
    return { policy: value as Policy };
  } catch (error) {
    return { what: (error as Error).message };
  }
}
