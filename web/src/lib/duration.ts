// "3d" as the document writes it: ms, s, m, h are absolute, d, w, mo keep the local time of day.
export const kUnits = ['s', 'm', 'h', 'd', 'w', 'mo'] as const;
export type Unit = (typeof kUnits)[number];

export function parseDuration(text: unknown): { count: number; unit: Unit } | undefined {
  const said = /^(\d+)(s|m|h|d|w|mo)$/.exec(typeof text === 'string' ? text : '');
  return said ? { count: Number(said[1]), unit: said[2] as Unit } : undefined;
}
