export const kMostValues = 100_000; // of one upload, by the server

// The first column of each line, without quotes; each value once.
export function valuesOf(text: string): string[] {
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\r|\n/);
  const values = lines.map((line) => {
    const quoted = /^\s*"((?:[^"]|"")*)"/.exec(line);
    return (quoted ? quoted[1]!.replaceAll('""', '"') : (/^[^,;\t]*/.exec(line)?.[0] ?? '')).trim();
  });
  return [...new Set(values.filter((value) => value !== ''))];
}
