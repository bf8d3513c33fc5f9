const kDayMs = 86_400_000;

// Every day from the first to the last that something was counted on, "2026-11-23".
export function daysOf(counts: Record<string, number>[]): string[] {
  const named = counts.flatMap((days) => Object.keys(days)).sort();
  if (named.length === 0) return [];
  const first = Date.parse(named[0]!), last = Date.parse(named.at(-1)!);
  return Array.from({ length: (last - first) / kDayMs + 1 }, (_, i) => new Date(first + i * kDayMs).toISOString().slice(0, 10));
}
