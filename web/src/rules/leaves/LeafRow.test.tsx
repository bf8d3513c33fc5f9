// @vitest-environment jsdom
import '../../test/setup';
import { fireEvent, render, screen } from '@testing-library/react';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { useState } from 'react';
import { key } from '../../api/queries';
import { setLanguage } from '../../lib/texts';
import type { Did, Rule } from '../core/rule';
import { texts } from '../texts';
import { LeafRow } from './LeafRow';

const plan = { events: [], properties: [{ name: 'birthday', type: 'date' }, { name: 'seen', type: 'datetime' }, { name: 'vip', type: 'int' }] };

let rule: Rule;
function Kept({ first, eql }: { first: Rule; eql: string }) {
  const [kept, setKept] = useState(first);
  return <LeafRow rule={kept} counted={{ eql, count: 1 }} onChange={(changed) => { rule = changed; setKept(changed); }} onRemove={() => undefined} />;
}

function show(first: Rule, eql = 'as text') {
  const client = new QueryClient({ defaultOptions: { queries: { enabled: false } } });
  client.setQueryData(key('plan'), plan);
  return render(<QueryClientProvider client={client}><Kept first={first} eql={eql} /></QueryClientProvider>);
}

const words = () => document.querySelector('.leaf .row')!.textContent!;
const counts = () => screen.queryAllByRole<HTMLInputElement>('spinbutton', { name: 'How many' }).map(({ value }) => value);
const dates = () => screen.queryAllByRole<HTMLInputElement>('textbox', { name: 'Value' }).map(({ value }) => value);
function choose(name: string, option: string, at = 0) {
  fireEvent.mouseDown(screen.getAllByRole('combobox', { name })[at]!);
  fireEvent.click([...document.querySelectorAll('.ant-select-item-option')].find(({ textContent }) => textContent === option)!);
}

beforeEach(() => setLanguage('en'));

const birthday = (op: string, value: unknown): Rule => ({ field: 'birthday', op, value });
const seen = (op: string, value: unknown): Rule => ({ field: 'seen', op, value });
const paid = (range: Did['range']): Rule => ({ did: [{ event: 'pay' }], measure: 'count', op: '>=', value: 1, range });
function pickDay(day: string) {
  const input = screen.getByRole('textbox', { name: 'Value' });
  fireEvent.mouseDown(input);
  fireEvent.click(input);
  fireEvent.click(document.querySelector(`td[title="${day}"]`)!);
  fireEvent.keyDown(input, { key: 'Enter', code: 'Enter' });
  fireEvent.blur(input);
}
const ago = (count: number, unit: string) => ({ ago: count, unit });

test('a relative time is shown, and changed without becoming another', () => {
  show(birthday('>', ago(30, 'year')));
  expect(words()).toMatch(/after.*years ago/);
  expect(counts()).toEqual(['30']);
  fireEvent.change(screen.getByRole('spinbutton', { name: 'How many' }), { target: { value: '40' } });
  expect(rule).toEqual(birthday('>', ago(40, 'year')));
  choose('Kind of time', 'quarters ago');
  expect(rule).toEqual(birthday('>', ago(40, 'quarter')));
  choose('Relation', 'before');
  expect(rule).toEqual(birthday('<', ago(40, 'quarter')));
});

test('a date becomes a relative time, today, now, and a date again', () => {
  show(birthday('=', '2026-03-01'));
  expect(dates()).toEqual(['2026-03-01']);
  choose('Kind of time', 'days ago');
  expect(rule).toEqual(birthday('=', ago(30, 'day')));
  choose('Kind of time', 'Today');
  expect(rule).toEqual(birthday('=', { moment: 'today' }));
  expect(counts()).toEqual([]);
  choose('Kind of time', 'Now');
  expect(rule).toEqual(birthday('=', { moment: 'now' }));
  choose('Kind of time', 'Date');
  expect(rule).toEqual({ field: 'birthday', op: '=', value: undefined });
  expect(dates()).toEqual(['']);
});

test('a time of a day is shown, and kept when another day is chosen', () => {
  show(seen('>', '2026-03-01 09:30'));
  expect(dates()).toEqual(['2026-03-01 09:30']);
  pickDay('2026-03-05');
  expect(rule).toEqual(seen('>', '2026-03-05 09:30'));
});

test('a day stays a day', () => {
  show(seen('<=', '2026-03-01'));
  pickDay('2026-03-05');
  expect(rule).toEqual(seen('<=', '2026-03-05'));
});

test('the times of a range of what was done are shown', () => {
  show(paid({ from: '2026-03-01 09:30', to: '2026-03-02 18:00' }));
  expect([...document.querySelectorAll<HTMLInputElement>('.ant-picker-range input')].map(({ value }) => value)).toEqual(['2026-03-01 09:30', '2026-03-02 18:00']);
});

test('whether the day, week or month that goes on counts is shown, and chosen', () => {
  show(paid({ last: 30, unit: 'day', include_current: true }));
  expect(words()).toContain('days incl. today');
  choose('Unit', 'weeks incl. this');
  expect(rule).toEqual(paid({ last: 30, unit: 'week', include_current: true }));
  choose('Unit', 'weeks');
  expect(rule).toEqual(paid({ last: 30, unit: 'week' }));
});

test('whether it counts is chosen of attributes too', () => {
  show(birthday('within', { next: 7, unit: 'day' }));
  choose('Unit', 'days incl. today');
  expect(rule).toEqual(birthday('within', { next: 7, unit: 'day', include_current: true }));
  choose('Unit', 'hours');
  expect(rule).toEqual(birthday('within', { next: 7, unit: 'hour' }));
});

test('each end of a range is of its own kind', () => {
  show(birthday('between', [ago(40, 'year'), '2000-01-01']));
  expect(counts()).toEqual(['40']);
  expect(dates()).toEqual(['2000-01-01']);
  choose('Kind of time', 'Today', 1);
  expect(rule).toEqual(birthday('between', [ago(40, 'year'), { moment: 'today' }]));
});

test('in Chinese too: after a moment is not more than a time', () => {
  setLanguage('zh');
  show(birthday('>', ago(30, 'year')));
  expect(words()).toContain(texts.zh['time_>']);
  expect(words()).toContain(texts.zh.unitAgo.replace('{{unit}}', texts.zh.unit_year));
});

test.each<[string, Rule]>([
  ['a beginning without an end', birthday('within', { from: '1990-01-01' })],
  ['a time to the part of a second', seen('>', '2026-03-01 09:00:00.5')],
  ['a range from a time to a day', paid({ from: '2026-03-01 09:00', to: '2026-03-02' })],
  ['a list of moments', birthday('in', [{ moment: 'today' }, ago(1, 'day')])],
  ['a field as it was', { field: 'vip', at: ago(30, 'day'), op: '>=', value: 3 }],
  ['the last time of an event', { did: [{ event: 'pay' }], measure: 'last time', op: '>', value: ago(30, 'day') }],
  ['a filter of an event', { did: [{ event: 'pay' }], where: birthday('within', { from: ago(1, 'year') }), measure: 'count', op: '>=', value: 1 }],
  ['a sequence within a time', { seq: [{ events: [{ event: 'view' }] }, { events: [{ event: 'buy' }] }], within: { count: 7, unit: 'day' } }],
  ['a branch of a tree', { field: 'org', op: 'under', value: '0011' }],
])('%s is not drawn but written', (_, leaf) => {
  show(leaf, 'as the server writes it');
  expect(words()).toBe('as the server writes it');
});
