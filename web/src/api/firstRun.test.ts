import { progress } from './firstRun';

const nothing = { event: false, plan: false, customer: false, question: false, segment: false, journey: false };
const none = { customers: 0, segments: 0, journeys: 0 };

test('nothing is ticked before data comes', () => {
  expect(progress(undefined, none, false)).toEqual(nothing);
  expect(progress({ events: [{ name: 'a', count: 0 }] }, none, false)).toEqual(nothing);
});

test('each step is ticked by what it is about', () => {
  expect(progress({ events: [{ name: 'a', count: 1 }] }, none, false)).toEqual({ ...nothing, event: true });
  expect(progress({ events: [{ name: 'a', declared: true }] }, none, false)).toEqual({ ...nothing, plan: true });
  expect(progress(undefined, { ...none, customers: 1 }, false)).toEqual({ ...nothing, customer: true });
  expect(progress(undefined, none, true)).toEqual({ ...nothing, question: true });
  expect(progress(undefined, { ...none, segments: 2 }, false)).toEqual({ ...nothing, segment: true });
  expect(progress(undefined, { ...none, journeys: 1 }, false)).toEqual({ ...nothing, journey: true });
});
