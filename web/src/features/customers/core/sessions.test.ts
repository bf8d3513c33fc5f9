import { ownProperties, sessionsOf } from './sessions';

const at = (...times: string[]) => times.map((time) => ({ time: `2026-03-02T${time}:00Z`, event: 'view' }));

test.each([
  ['nothing is no sitting', at(), []],
  ['what is close is one sitting', at('10:20', '10:00'), [2]],
  ['a sitting may be long', at('11:00', '10:31', '10:01'), [3]],
  ['half an hour ends none, more does', at('10:30', '10:00', '09:29'), [2, 1]],
])('%s', (_, events, sizes) => expect(sessionsOf(events).map((session) => session.length)).toEqual(sizes));

test('what the server added is not shown as the sender’s', () =>
  expect(ownProperties({ time: '', event: 'pay', properties: { $source: 'app', amount: 5 } })).toEqual([['amount', 5]]));
