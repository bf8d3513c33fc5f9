import { parseDuration } from '../../../lib/duration';
import { span } from '../../../lib/format';
import type { Happening, Occasion } from '../core/definition';
import { outcomeWord } from '../texts';
import type { Saying } from './kind';

export const sayDuration = (text: unknown, { language }: Saying): string => (parseDuration(text) ? span(String(text), language) : '…');

export const sayEvent = (happening: Happening | undefined, { names }: Saying): string => {
  const event = typeof happening === 'object' ? happening.event : happening;
  return event ? names.event(event) : '…';
};

export const sayCalled = (kind: Parameters<Saying['called']>[0], id: unknown, { called }: Saying): string => (typeof id === 'string' && id !== '' ? called(kind, id) : '…');

export const sayText = (text: unknown): string => (typeof text === 'string' && text !== '' ? text : '…');

export const sayOccasion = ({ event, when, receipt }: Occasion, saying: Saying): string =>
  (receipt !== undefined ? outcomeWord(saying.t, receipt) : when !== undefined ? sayText(when) : sayEvent(event, saying));
