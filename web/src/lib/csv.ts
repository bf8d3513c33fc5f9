// A table as a file for spreadsheets. Texts that a spreadsheet would run as a formula are quoted.
export type Cells = (string | number | null | undefined)[];

export function csv(rows: Cells[]): string {
  return rows.map((row) => row.map(cell).join(',')).join('\r\n') + '\r\n';
}

function cell(value: Cells[number]): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number') return String(value);
  const text = /^[=+\-@\t\r\n\0＝＋－＠]/.test(value) ? `'${value}` : value;
  return /[",;\t\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

// A name that every system takes for a file.
export const fileName = (text: string): string => text.replace(/[^\p{L}\p{N}._-]+/gu, '-').replace(/^[.-]+|[.-]+$/g, '').slice(0, 80) || 'waypost';

// The browser keeps it as a file of this name.
export function keep(name: string, file: Blob) {
  const address = URL.createObjectURL(file);
  const anchor = document.createElement('a');
  anchor.href = address;
  anchor.download = name;
  anchor.click();
  URL.revokeObjectURL(address);
}

// The mark at the beginning tells Excel that it is UTF-8.
export const download = (name: string, rows: Cells[]) => keep(`${fileName(name)}.csv`, new Blob(['\uFEFF', csv(rows)], { type: 'text/csv;charset=utf-8' }));
