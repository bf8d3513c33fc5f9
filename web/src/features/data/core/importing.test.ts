import { eventsOf, guess, importId, isReady, kChunk, timeOf, typesOf } from './importing';

const csv = { name: 'a.csv', headings: ['user_id', 'event', 'time', 'amount', 'note', 'first', ''], rows: [['u1', 'pay', '2026-03-01 09:00', '12.5', '007', 'TRUE', 'x'], ['u2', 'look', '', '3', 'n', '', '']] };

test('columns are known by their headings, and a plan is ready when it says who and what', () => {
  const plan = guess(csv.headings);
  expect(plan).toEqual({ event: '', eventFrom: 'event', time: 'time', identity: { key: 'login', heading: 'user_id' } });
  expect([isReady(plan), isReady({ ...plan, eventFrom: undefined }), isReady({ ...plan, eventFrom: undefined, event: 'pay' }), isReady(guess(['a']))]).toEqual([true, false, true, false]);
});

test('rows become events: numbers and flags where the whole column is of them, and nothing where a cell is empty', () => {
  const plan = guess(csv.headings);
  expect(eventsOf(plan, 'f', csv, typesOf(csv), 0)).toEqual([
    { event: 'pay', identities: { login: 'u1' }, message_id: 'f-1', time: '2026-03-01T09:00:00', properties: { amount: 12.5, note: '007', first: true } },
    { event: 'look', identities: { login: 'u2' }, message_id: 'f-2', properties: { amount: 3, note: 'n' } },
  ]);
  expect(eventsOf({ ...plan, eventFrom: undefined, event: ' Paid ', time: undefined }, 'f', csv, typesOf(csv), 1)).toEqual([
    { event: 'Paid', identities: { login: 'u2' }, message_id: 'f-2', properties: { event: 'look', amount: 3, note: 'n' } },
  ]);
});

test.each([['1772355600', 1_772_355_600_000], ['1772355600123', 1_772_355_600_123], ['2026/03/01 09:00:05', '2026-03-01T09:00:05'], ['2026-03-01', '2026-03-01T00:00:00'], ['2026/3/1 9:05', '2026-03-01T09:05:00'], ['2026年3月1日', '2026-03-01T00:00:00'], ['2026-03-01T09:00Z', '2026-03-01T09:00:00Z'], ['2026-03-01 09:00:05.250+08:00', '2026-03-01T09:00:05.250+08:00'], ['soon', 'soon']])('%s is a time as the server reads it', (cell, time) => expect(timeOf(cell)).toBe(time));

test('a row has the same name in the same file, and another in another file or under another mapping', () => {
  const plan = guess(csv.headings), ids = [importId(plan, 'a,b'), importId(plan, 'a,b'), importId(plan, 'a,c'), importId({ ...plan, event: 'x' }, 'a,b')];
  expect(ids[0]).toMatch(/^[0-9a-f]{16}$/);
  expect(ids[1]).toBe(ids[0]);
  expect(new Set(ids).size).toBe(3);
  const many = { ...csv, rows: Array.from({ length: kChunk + 1 }, () => csv.rows[0]!) };
  expect(eventsOf(plan, 'f', many, typesOf(many), kChunk).map((event) => (event as unknown as { message_id: string }).message_id)).toEqual([`f-${kChunk + 1}`]);
});
