// Numbers, dates and durations as people of each language write them.
import type { Language } from './texts';

const kLocales = { zh: 'zh-CN', en: 'en-US' } as const;

export function exact(value: number, language: Language): string {
  return new Intl.NumberFormat(kLocales[language], { maximumFractionDigits: 2 }).format(value);
}

// With both decimals, as amounts are written.
export function money(value: number, language: Language): string {
  return new Intl.NumberFormat(kLocales[language], { minimumFractionDigits: 2, maximumFractionDigits: 2 }).format(value);
}

// 12.4万, 3.1亿; 124K, 310M. Below ten thousand (zh) or a thousand times ten (en), exact.
export function short(value: number, language: Language): string {
  const steps: [number, string][] = language === 'zh' ? [[1e8, '亿'], [1e4, '万']] : [[1e9, 'B'], [1e6, 'M'], [1e3, 'K']];
  const size = Math.abs(value);
  const step = size >= 10_000 ? steps.find(([unit]) => size >= unit) : undefined;
  if (!step) return exact(value, language);
  const scaled = value / step[0];
  return `${scaled.toFixed(Math.abs(scaled) >= 100 ? 0 : 1)}${step[1]}`;
}

export function percent(rate: number): string {
  return `${(rate * 100).toFixed(1)}%`;
}

export function bytes(count: number): string {
  const units = ['B', 'KB', 'MB', 'GB', 'TB'];
  const power = Math.min(units.length - 1, Math.floor(Math.log(Math.max(count, 1)) / Math.log(1024)));
  return `${(count / 1024 ** power).toFixed(power === 0 ? 0 : 1)} ${units[power]}`;
}

// Between things of a list.
export const comma = (language: Language): string => (language === 'zh' ? '、' : ', ');

// Between a place and what is said of it.
export const colon = (language: Language): string => (language === 'zh' ? '：' : ': ');

const kDurations: [number, string, string][] = [[86_400_000, ' 天', 'd'], [3_600_000, ' 小时', 'h'], [60_000, ' 分', 'm'], [1_000, ' 秒', 's']];

// The greatest unit, with one decimal when it says something: "41.7 秒", "3.5h".
export function duration(ms: number, language: Language): string {
  const [unit, zh, en] = kDurations.find(([size]) => ms >= size) ?? [1, ' 毫秒', 'ms'];
  return `${Number((ms / unit).toFixed(1))}${language === 'zh' ? zh : en}`;
}

const kSpans: Record<string, [string, string]> = { s: ['秒', 'second'], m: ['分钟', 'minute'], h: ['小时', 'hour'], d: ['天', 'day'], w: ['周', 'week'], mo: ['个月', 'month'] };

// A span as documents write it, "24h": "24 小时", "24 hours"; anything else as it is.
export function span(text: string, language: Language): string {
  const said = /^(\d+)(s|m|h|d|w|mo)$/.exec(text), [zh, en] = kSpans[said?.[2] ?? ''] ?? ['', ''];
  if (!said) return text;
  return language === 'zh' ? `${said[1]} ${zh}` : `${said[1]} ${en}${said[1] === '1' ? '' : 's'}`;
}

export function dateTime(ms: number, language: Language, zone?: string): string {
  if (language === 'en') {
    return new Intl.DateTimeFormat('en-US', { dateStyle: 'medium', timeStyle: 'medium', hourCycle: 'h23', timeZone: zone }).format(ms);
  }
  return new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeStyle: 'medium', timeZone: zone }).format(ms);
}

// Without year and seconds, where there is little room: "11-30 20:00", "Nov 30, 20:00".
export function hourOf(ms: number, language: Language): string {
  if (language === 'zh') return dateTime(ms, language).slice(5, 16);
  return new Intl.DateTimeFormat('en-US', { month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(ms);
}

export function date(ms: number, language: Language, zone?: string): string {
  if (language === 'en') return new Intl.DateTimeFormat('en-US', { dateStyle: 'medium', timeZone: zone }).format(ms);
  return new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeZone: zone }).format(ms);
}

// Of a day as the server writes it: "2026-03-02".
export const day = (text: string, language: Language): string => (language === 'zh' ? text : date(Date.parse(`${text}T00:00:00Z`), language, 'UTC'));

export function ago(ms: number, now: number, language: Language): string {
  const past = Math.max(0, now - ms);
  if (past >= 86_400_000) return dateTime(ms, language);
  const [unit, name] = past >= 3_600_000 ? [3_600_000, 'hour'] as const : past >= 60_000 ? [60_000, 'minute'] as const : [1_000, 'second'] as const;
  return new Intl.RelativeTimeFormat(kLocales[language], { numeric: 'auto' }).format(-Math.floor(past / unit), name);
}

// A bucket's beginning, "2026-11-23T00:00:00+08:00", as an axis says it; days have their weekday.
export function bucket(from: string, interval: string, language: Language): string {
  const date = from.slice(0, 10);
  if (interval === 'hour') return `${date.slice(5)} ${from.slice(11, 16)}`;
  if (interval === 'month') return date.slice(0, 7);
  if (interval === 'year') return date.slice(0, 4);
  if (interval !== 'day') return date;
  const day = new Date(`${date}T00:00:00Z`);
  if (language === 'en') return new Intl.DateTimeFormat('en-US', { weekday: 'short', month: 'short', day: 'numeric', timeZone: 'UTC' }).format(day);
  return `${date.slice(5)} ${new Intl.DateTimeFormat('zh-CN', { weekday: 'short', timeZone: 'UTC' }).format(day)}`;
}
