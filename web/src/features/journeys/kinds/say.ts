import { parseDuration } from '../../../lib/duration';
import type { Happening } from '../core/definition';
import type { Saying } from './kind';

export function sayDuration(text: unknown, { t }: Saying): string {
  const said = parseDuration(text);
  return said ? `${said.count} ${t(`unit_${said.unit}`)}` : '…';
}

export const sayEvent = (happening: Happening | undefined, { names }: Saying): string => {
  const event = typeof happening === 'object' ? happening.event : happening;
  return event ? names.event(event) : '…';
};

export const sayText = (text: unknown): string => (typeof text === 'string' && text !== '' ? text : '…');
