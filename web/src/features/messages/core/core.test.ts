import { expect, test } from 'vitest';
import { matrixOf } from './consent';
import { counting, leaveOf, leftOut, parsedPolicy, trimmed, unitsOf, windowText, withYear, yearOf, type Leave } from './policy';

test('consents are a row for each channel, and what is for all stands first', () => {
  const matrix = matrixOf([{ channel: 'sms', purpose: 'marketing', allowed_by: 2, refused_by: 3 }, { channel: '*', purpose: 'marketing', allowed_by: 0, refused_by: 1 }, { channel: 'sms', purpose: '*', allowed_by: 4, refused_by: 0 }]);
  expect(matrix.purposes).toEqual(['*', 'marketing']);
  expect(matrix.rows.map(({ channel }) => channel)).toEqual(['*', 'sms']);
  expect(matrix.rows[1]?.cells).toEqual({ marketing: { allowed: 2, refused: 3 }, '*': { allowed: 4, refused: 0 } });
});

test('windows are said in one line', () => {
  expect(windowText({ from: '22:00', to: '08:00' })).toBe('22:00–08:00');
  expect(windowText({ days: ['sat', 'sun'], from: '09:00' })).toBe('sat sun 09:00–24:00');
  expect(windowText({ on: 'workday' })).toBe('workday');
});

test('a policy is an object, and what is none says so', () => {
  expect(parsedPolicy('{"caps": []}').policy).toEqual({ caps: [] });
  for (const bad of ['', '[]', 'null', '3', '{']) expect(parsedPolicy(bad).policy, bad).toBeUndefined();
});

test('what is empty in the form is not in the rules, and what the form does not show stays', () => {
  const calendar = [{ year: 2027, days: [] as unknown[] }];
  expect(trimmed({ zone: '', caps: [], quiet: [{ from: '22:00', to: '' }], max_journeys: 0, channels: [{ name: 'sms', to: [], recall: false, tries_a_day: 3 }] }))
    .toEqual({ quiet: [{ from: '22:00' }], max_journeys: 0, channels: [{ name: 'sms', recall: false, tries_a_day: 3 }] });
  expect(trimmed({ calendar } as object)).toEqual({ calendar });
});

test('a cap counts in one way', () => {
  expect(counting({ name: 'a', limit: 1, rolling: '7d', of: 'sms' }, 'month')).toEqual({ name: 'a', limit: 1, of: 'sms', fixed: 'month' });
  expect(counting({ name: 'a', limit: 1, fixed: 'day', zone: 'tenant' }, 'rolling')).toEqual({ name: 'a', limit: 1, rolling: '24h' });
});

test('a year of the calendar is read from its file, and takes the place of the one there was', () => {
  const file = { $id: 'x', year: 2027, papers: ['p'], days: [{ name: '元旦', date: '2027-01-01', isOffDay: true }] };
  const year = { year: 2027, days: file.days };
  expect(yearOf(JSON.stringify(file))).toEqual(year);
  for (const bad of ['', '[]', '{"year":2027}', '{"year":2027,"days":[]}', '{"year":2027,"days":[{"name":"a","date":"1.1.","isOffDay":true}]}', '{"year":2027,"days":[null]}']) expect(yearOf(bad), bad).toBeUndefined();
  expect(withYear([{ year: 2028, days: [] }, { year: 2027, days: [] }], year)).toEqual([year, { year: 2028, days: [] }]);
});

test.each<[Leave, object]>([['both', {}], ['exempt', { counts: true }], ['uncounted', { exempt: false }]])('a category that is left out of caps: %s', (leave, said) => {
  expect(leftOut('service', leave)).toEqual({ category: 'service', ...said });
  expect(leaveOf({ category: 'service', ...said })).toBe(leave);
});

test('zones of units are said when one of them is', () => {
  expect(unitsOf({ attribute: '', zones: [] })).toBeUndefined();
  expect(unitsOf({ attribute: 'branch' })).toEqual({ attribute: 'branch' });
});
