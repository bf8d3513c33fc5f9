import { parseDuration } from '../../../lib/duration';
import { span } from '../../../lib/format';
import type { Happening } from '../core/definition';
import type { Saying } from './kind';

export const sayDuration = (text: unknown, { language }: Saying): string => (parseDuration(text) ? span(String(text), language) : '…');

export const sayEvent = (happening: Happening | undefined, { names }: Saying): string => {
  const event = typeof happening === 'object' ? happening.event : happening;
  return event ? names.event(event) : '…';
};

export const sayText = (text: unknown): string => (typeof text === 'string' && text !== '' ? text : '…');
