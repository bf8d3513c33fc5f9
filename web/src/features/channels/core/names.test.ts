import { fillFrom, wanted, withTyped } from './names';

const attributes = [{ name: 'name', value: '李娜' }, { name: 'amount', value: 3 }, { name: 'gone', value: null }];

test('a customer fills what is the customer’s; what the event brings is asked for', () => {
  expect(fillFrom(['customer.name', 'user.name', 'amount', 'entry.amount', 'event.due', 'gone', 'other'], attributes)).toEqual({
    values: { 'customer.name': '李娜', 'user.name': '李娜', amount: 3 },
    missing: ['entry.amount', 'event.due', 'gone', 'other'],
  });
});

test('a text cannot do without a name that has neither value nor default', () => {
  const text = '{{a}} {{ b | money }} {{c|default:"x"}} {{d|money|default:"0"}} {{a}} {% if e %}{{f}}{% endif %}';
  expect(wanted(text, { f: 1 })).toEqual(['a', 'b']);
});

test('what is typed is taken, what is empty is left to the text', () => {
  expect(withTyped({ a: 1 }, { b: 'x', c: '' })).toEqual({ a: 1, b: 'x' });
});
