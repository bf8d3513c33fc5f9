import { progress } from './firstRun';

const nothing = { event: false, plan: false, customer: false, question: false };

test('nothing is ticked before data comes', () => {
  expect(progress(undefined, 0, false)).toEqual(nothing);
  expect(progress({ events: [{ name: 'a', count: 0 }] }, 0, false)).toEqual(nothing);
});

test('each step is ticked by what it is about', () => {
  expect(progress({ events: [{ name: 'a', count: 1 }] }, 0, false)).toEqual({ ...nothing, event: true });
  expect(progress({ events: [{ name: 'a', declared: true }] }, 0, false)).toEqual({ ...nothing, plan: true });
  expect(progress(undefined, 1, false)).toEqual({ ...nothing, customer: true });
  expect(progress(undefined, 0, true)).toEqual({ ...nothing, question: true });
});
