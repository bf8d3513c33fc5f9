import { ago, bucket, bytes, date, dateTime, day, duration, exact, percent, short, span } from './format';

test.each([
  [0, '0', '0'], [9_999, '9,999', '9,999'], [10_000, '1.0万', '10.0K'], [123_456, '12.3万', '123K'], [1_234_567, '123万', '1.2M'],
  [310_000_000, '3.1亿', '310M'], [-25_000, '-2.5万', '-25.0K'], [5.25, '5.25', '5.25'],
])('%d is short', (value, zh, en) => {
  expect(short(value, 'zh')).toBe(zh);
  expect(short(value, 'en')).toBe(en);
});

test('the exact number keeps every digit', () => expect(exact(123456789, 'zh')).toBe('123,456,789'));
test('percents have one decimal', () => expect([percent(0.30026), percent(1), percent(0)]).toEqual(['30.0%', '100.0%', '0.0%']));
test.each([[0, '0 B'], [1023, '1023 B'], [1024, '1.0 KB'], [1_408_552, '1.3 MB'], [5e12, '4.5 TB']])('%d bytes are %s', (count, text) => expect(bytes(count)).toBe(text));

test.each([[900, '900 毫秒', '900ms'], [41_697, '41.7 秒', '41.7s'], [5_400_000, '1.5 小时', '1.5h'], [172_800_000, '2 天', '2d']])('%d ms read well', (ms, zh, en) => {
  expect(duration(ms, 'zh')).toBe(zh);
  expect(duration(ms, 'en')).toBe(en);
});

const kMarch = Date.UTC(2026, 2, 2, 6, 5, 9);
test('dates are written as each language does, in the zone asked for', () => {
  expect(dateTime(kMarch, 'zh', 'Asia/Shanghai')).toBe('2026-03-02 14:05:09');
  expect(dateTime(kMarch, 'en', 'Asia/Shanghai')).toBe('Mar 2, 2026, 14:05:09');
});

test('a day of the server is said as other days are', () => expect([day('2026-03-02', 'zh'), day('2026-03-02', 'en')]).toEqual(['2026-03-02', 'Mar 2, 2026']));
test('a day is a date alone', () => expect([date(kMarch, 'zh', 'Asia/Shanghai'), date(kMarch, 'en', 'Asia/Shanghai')]).toEqual(['2026-03-02', 'Mar 2, 2026']));

test('the past is relative under a day, and the future is now', () => {
  expect(ago(kMarch - 59_000, kMarch, 'zh')).toMatch(/^59秒钟?前$/);
  expect(ago(kMarch - 7_200_000, kMarch, 'en')).toBe('2 hours ago');
  expect(ago(kMarch - 86_400_000, kMarch, 'zh')).toMatch(/^2026-03-01 /);
  expect(ago(kMarch + 5_000, kMarch, 'en')).toBe('now');
});

test.each([['hour', '11-23 09:00'], ['day', '11-23 周一'], ['week', '2026-11-23'], ['month', '2026-11'], ['year', '2026']])('an axis by %s', (interval, text) =>
  expect(bucket('2026-11-23T09:00:00+08:00', interval, 'zh')).toBe(text));
test('an axis by day in English', () => expect(bucket('2026-11-23T00:00:00+08:00', 'day', 'en')).toBe('Mon, Nov 23'));

test.each([['24h', '24 小时', '24 hours'], ['1d', '1 天', '1 day'], ['3mo', '3 个月', '3 months'], ['soon', 'soon', 'soon']])('a span %s is said', (text, zh, en) => expect([span(text, 'zh'), span(text, 'en')]).toEqual([zh, en]));
