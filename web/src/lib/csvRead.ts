export interface Csv { name: string; headings: string[]; rows: string[][] }

// Rows of a CSV text: quotes, doubled quotes and line breaks within them as RFC 4180 says; a mark at the
// beginning and blank lines are passed over. A quote that never ends goes to the end of the text.
export function readCsv(text: string, separator = ','): string[][] {
  const rows: string[][] = [];
  let row: string[] = [], cell = '', quoted = false;
  const endRow = () => {
    row.push(cell);
    if (row.length > 1 || cell !== '') rows.push(row);
    row = [];
    cell = '';
  };
  for (let at = text.startsWith('\uFEFF') ? 1 : 0; at < text.length; ++at) {
    const letter = text[at]!;
    if (quoted) {
      if (letter !== '"') cell += letter;
      else if (text[at + 1] === '"') { cell += '"'; ++at; } else quoted = false;
    } else if (letter === '"' && cell === '') {
      quoted = true;
    } else if (letter === separator) {
      row.push(cell);
      cell = '';
    } else if (letter === '\n') {
      endRow();
    } else if (letter !== '\r') {
      cell += letter;
    }
  }
  endRow();
  return rows;
}

// What most of the first line is separated by: spreadsheets write commas, semicolons or tabs.
export function separatorOf(text: string): string {
  const line = text.slice(0, text.search(/\r?\n|$/));
  return [',', ';', '\t'].map((one) => ({ one, count: line.split(one).length })).sort((a, b) => b.count - a.count)[0]!.one;
}
