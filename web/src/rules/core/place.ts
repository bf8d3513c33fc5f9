// Where the server says that a rule is wrong: "line 2, column 9: there is no event 'transfr'".
export interface Fault {
  what: string; // in the server's words, which are English
  zh?: string; // the same in Chinese
  line?: number;
  column?: number;
}

export function faultOf(message: string): Fault {
  const said = /^line (\d+), column (\d+): ([^]*)$/.exec(message);
  return said ? { what: said[3]!, line: Number(said[1]), column: Number(said[2]) } : { what: message };
}

// What stands at the fault, as [begin, end) of the text; columns count characters from 1. An empty place
// (the end of the text) is widened to the character before it.
export function markOf(text: string, { line, column }: Fault): [number, number] | undefined {
  if (line === undefined || column === undefined) return undefined;
  const lines = text.split('\n');
  const before = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0);
  const begin = before + [...(lines[line - 1] ?? '')].slice(0, column - 1).join('').length;
  const word = /^[\p{L}\p{N}_$]+|^\S/u.exec(text.slice(begin))?.[0] ?? '';
  return word ? [begin, begin + word.length] : [Math.max(0, begin - 1), Math.max(begin, 1)];
}
