import { nameOf, passes } from './items';

const paid = { kind: 'event', event: 'pay', time_ms: 1, identities: { login: 'C0001' }, properties: { amount: '12.5', city: '上海' } };

test.each([['', true], ['PAY', true], ['付款', true], ['c0001', true], ['上海', true], ['amount', true], ['12.5', true], ['refund', false]])('"%s" lets it pass: %s', (typed, expected) =>
  expect(passes(paid, '', typed, '付款')).toBe(expected));

test('a kind lets only its own pass', () => {
  expect(passes(paid, 'profile', '', '付款')).toBe(false);
  expect(passes(paid, 'event', '', '付款')).toBe(true);
});

test('what is no event is called by what it is', () => {
  expect(nameOf({ kind: 'quarantine', reason: 'bad_time', time_ms: 1 })).toBe('bad_time');
  expect(nameOf({ kind: 'profile', what: 'set', time_ms: 1 })).toBe('set');
});
