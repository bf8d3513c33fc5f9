// Answers as rows of text, so that engines can be compared, and the reading of SQL files.
import fs from 'node:fs';

// The statements of a file, without its comments.
export function readSql(file) {
  const text = fs.readFileSync(new URL(file, import.meta.url), 'utf8');
  const code = text.split('\n').filter((line) => !line.trimStart().startsWith('--')).join('\n');
  return code.split(';').map((sql) => sql.trim()).filter(Boolean);
}

// One spelling of a value, whichever engine gave it.
function spell(value) {
  if (value === null || value === undefined) return 'NULL';
  const text = String(value);
  return text !== '' && Number.isFinite(Number(text)) ? String(Number(Number(text).toFixed(6))) : text;
}

export const asRows = (answer) => answer.map((row) => row.map(spell).join('|'));

function sameRow(a, b) {
  const x = a.split('|');
  const y = b.split('|');
  const close = (p, q) =>
    p === q || Math.abs(Number(p) - Number(q)) <= 1e-5 * Math.max(1, Math.abs(Number(p)));
  return x.length === y.length && x.every((value, i) => close(value, y[i]));
}

// Where two answers differ, as one sentence, or null. Numbers may differ by 1e-5 of their size.
export function difference(got, want) {
  if (got.length !== want.length) return `${got.length} rows, not ${want.length}`;
  const at = got.findIndex((row, i) => !sameRow(row, want[i]));
  return at < 0 ? null : `row ${at} is ${got[at]}, not ${want[at]}`;
}
