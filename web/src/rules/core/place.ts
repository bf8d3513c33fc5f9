import type { Place } from '../../api/client';

// What stands at the fault, as [begin, end) of the text; columns count characters from 1. An empty place
// (the end of the text) is widened to the character before it.
export function markOf(text: string, { line, column }: Place): [number, number] | undefined {
  if (line === undefined || column === undefined) return undefined;
  const lines = text.split('\n');
  const before = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0);
  const begin = before + [...(lines[line - 1] ?? '')].slice(0, column - 1).join('').length;
  const word = /^[\p{L}\p{N}_$]+|^\S/u.exec(text.slice(begin))?.[0] ?? '';
  return word ? [begin, begin + word.length] : [Math.max(0, begin - 1), Math.max(begin, 1)];
}
