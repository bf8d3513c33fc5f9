// Times as rules write them: '2026-03-01', a whole day where it is an end, or '2026-03-01 09:00'.
export const kDate = 'YYYY-MM-DD';

// How the time is written, for dayjs; undefined for what a calendar cannot show and keep.
export function momentForm(text: string): string | undefined {
  const parts = /^\d{4}-\d\d-\d\d(?:([ T])\d\d:\d\d(:\d\d)?)?$/.exec(text);
  if (!parts) return undefined;
  const [, between, seconds] = parts;
  return between === undefined ? kDate : `${kDate}${between === 'T' ? '[T]' : ' '}HH:mm${seconds ? ':ss' : ''}`;
}
