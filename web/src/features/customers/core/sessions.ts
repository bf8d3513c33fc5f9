// A timeline, newest first, in sittings: a sitting ends where nothing happened for half an hour.
import type { Timeline } from '../../../api/schema';

export type TimelineEvent = Timeline['events'][number];

const kPauseMs = 30 * 60_000;

export function sessionsOf(events: TimelineEvent[]): TimelineEvent[][] {
  const sessions: TimelineEvent[][] = [];
  let after = Infinity;
  for (const event of events) {
    const time = Date.parse(event.time);
    if (sessions.length === 0 || after - time > kPauseMs) sessions.push([]);
    sessions.at(-1)!.push(event);
    after = time;
  }
  return sessions;
}

// What the sender said, without what the server added.
export const ownProperties = ({ properties = {} }: TimelineEvent): [string, unknown][] => Object.entries(properties).filter(([name]) => !name.startsWith('$'));
