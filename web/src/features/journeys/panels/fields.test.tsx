// @vitest-environment jsdom
import '../../../test/setup';
import fs from 'node:fs';
import path from 'node:path';
import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { key } from '../../../api/queries';
import { setLanguage, type Say } from '../../../lib/texts';
import { changeNode } from '../core/edit';
import type { Definition, JourneyNode } from '../core/definition';
import { Faults, Field } from '../fields';
import { texts, type JourneyKey } from '../texts';
import { fieldWord } from './ChangeList';
import { JourneySettings } from './JourneySettings';
import { NodeSettings } from './NodeSettings';

type Schema = { properties?: Record<string, Schema>; $defs?: Record<string, Schema> };
const source = fs.readFileSync(path.join(import.meta.dirname, '../../../../../src/journeys/journey_schema.cc'), 'utf8');
const schema = JSON.parse(/R"json\((.*)\)json"/s.exec(source)![1]!) as Schema;
const propertiesOf = (of: Schema | undefined, prefix = '') => Object.keys(of!.properties!).map((name) => prefix + name);

let shown: Definition;
function Journey({ first, chosen }: { first: Definition; chosen?: string }) {
  const [definition, setDefinition] = useState(first);
  useEffect(() => { shown = definition; }, [definition]);
  const node = definition.nodes.find(({ id }) => id === chosen);
  const onJourney = (change: Partial<Definition>) => setDefinition((old) => ({ ...old, ...change }));
  return node ? <NodeSettings node={node} definition={definition} onNode={(change) => setDefinition((old) => changeNode(old, node.id, change))} onJourney={onJourney} />
    : <JourneySettings isNew definition={definition} onChange={onJourney} />;
}

const kEntry: JourneyNode = { id: 'start', type: 'entry' };
const made = (more: Partial<Definition> = {}, node: JourneyNode = kEntry): Definition => ({ id: 'j', entry: { kind: 'api' }, nodes: node.id === 'start' ? [kEntry] : [kEntry, node], edges: [], ...more });

function show(first: Definition, chosen?: string) {
  cleanup();
  const client = new QueryClient({ defaultOptions: { queries: { enabled: false } } });
  client.setQueryData(key('plan'), { events: [{ name: 'paid' }, { name: 'refunded' }], properties: [{ name: 'amount' }, { name: 'margin' }] });
  client.setQueryData(key('lists'), { items: [{ id: 'vips', name_en: 'Best customers' }] });
  render(<QueryClientProvider client={client}><Journey first={first} chosen={chosen} /></QueryClientProvider>);
}
const node = (type: JourneyNode['type'], more: Record<string, unknown> = {}) => show(made({}, { id: 'n', type, ...more }), 'n');
const places = () => [...document.querySelectorAll<HTMLElement>('[data-of]')].flatMap(({ dataset }) => dataset['of']!.split(' '));
function choose(name: string, option: string) {
  fireEvent.mouseDown(screen.getByRole('combobox', { name }));
  fireEvent.click([...document.querySelectorAll('.ant-select-item-option')].findLast(({ textContent }) => textContent!.trim() === option)!);
}
const type = (name: string, value: string) => fireEvent.change(screen.getByLabelText(name), { target: { value } });
const press = (name: string) => fireEvent.click(screen.getByRole('switch', { name }));
const last = () => shown.nodes.at(-1)!;

beforeEach(() => setLanguage('en'));

test('every field of a journey, its entry, schedule, waves, goal and nodes stands in the editor', () => {
  const seen = new Set<string>();
  const see = (first: Definition, chosen?: string) => { show(first, chosen); for (const place of places()) seen.add(place); };
  see(made({ goal: { event: 'paid' }, value: { attribute: 'margin' }, on_late: 'exit', entry_while_paused: 'queue' }));
  see(made({ goal: { when: 'vip >= 1' } }));
  const entries: Definition['entry'][] = [{ kind: 'not_done' }, { kind: 'breakpoint' }, { kind: 'segment' }, { kind: 'tag' }, { kind: 'api', unknown_user: 'hold' }, ...['once', 'day', 'week', 'month', 'festival', 'cron'].map((every) => ({ kind: 'batch', rank: { attribute: 'assets' }, schedule: { every, day: 31 }, waves: { each: [{ percent: 5 }] } }))];
  for (const entry of entries) for (const policy of ['after_interval', 'per_key']) see(made({ entry, entry_cap_each: { attribute: 'branch' }, reentry: { policy, limit: 1 } }), 'start');
  const nodes: [JourneyNode['type'], Record<string, unknown>][] = [
    ['wait', { for: '1d' }], ['wait', { window: [] }], ['wait', { date: 'birthday' }], ['wait', { date: 'birthday', every: 'year' }], ['wait', { date: 'birthday', every: 'lunar_year' }],
    ['wait_event', { branches: [{ outcome: 'a', when: '' }, { outcome: 'b', event: '' }], since: 'lookback' }], ['rate', {}], ['judge', {}], ['split', {}], ['ratio', {}], ['experiment', {}], ['time_split', {}],
    ['send', { on_cap: 'wait' }], ['send', { on_cap: 'next_channel' }], ['chain', {}], ['set', {}], ['list', {}], ['join', {}], ['loop', {}], ['call', { wait: 'completion' }],
  ];
  for (const [kind, more] of nodes) see(made({}, { id: 'n', type: kind, ...more }), 'n');
  // Set elsewhere: the drawing itself, and what publishing and letting out ask.
  const elsewhere = new Set(['nodes', 'edges', 'in_flight', 'release', 'template', 'type', 'at', 'attribute', 'value', 'increment']);
  const wanted = [schema, schema.$defs!['node']].flatMap((one) => propertiesOf(one))
    .concat(propertiesOf(schema.properties!['entry'], 'entry.'), propertiesOf(schema.$defs!['schedule'], 'entry.schedule.'), propertiesOf(schema.$defs!['waves'], 'entry.waves.'), propertiesOf(schema.properties!['reentry'], 'reentry.'), propertiesOf(schema.properties!['goal'], 'goal.'), propertiesOf(schema.properties!['entry_cap_each'], 'entry_cap_each.'));
  const there = (place: string) => [...seen].some((one) => one === place || one.startsWith(`${place}.`));
  expect(wanted.filter((place) => !elsewhere.has(place) && !there(place))).toEqual([]);
  expect(seen).toContain('value.attribute');
});

test('every field that a version may change has a name', () => {
  const t = ((name: string) => (texts.en as Record<string, string>)[name]!) as Say<JourneyKey>;
  const of = (one: Schema | undefined, prefix = '') => propertiesOf(one, prefix);
  const fields = [...of(schema), ...of(schema.$defs!['node']), ...of(schema.$defs!['branch'], 'branches.a.'), ...of(schema.$defs!['step'], 'steps.1.'), ...of(schema.properties!['entry'], 'entry.'), ...of(schema.$defs!['schedule'], 'entry.schedule.'), ...of(schema.$defs!['wave'], 'entry.waves.each.2.'), ...of(schema.$defs!['waves'], 'entry.waves.'), ...of(schema.properties!['reentry'], 'reentry.'), ...of(schema.properties!['goal'], 'goal.')];
  const whole = new Set(['id', 'nodes', 'edges', 'in_flight', 'release', 'template', 'type', 'at', 'guardrails', 'entry', 'reentry', 'goal', 'exit_on', 'entry_cap_each', 'branches', 'steps', 'entry.steps', 'entry.schedule', 'entry.waves', 'entry.waves.each', 'entry.waves.each.2.texts', 'branches.a.outcome']); // never changed as one, or ids
  expect(fields.filter((field) => !whole.has(field) && /(^|[ ·])[a-z]+_[a-z_]+$/.test(fieldWord(t, field)) )).toEqual([]);
  expect(fieldWord(t, 'goal.window')).toContain(texts.en.goalWindow);
  expect(fieldWord(t, 'window')).toBe(texts.en.windows);
});

test('a goal is something done or a condition; what is of one kind alone goes with it', () => {
  show(made({ goal: { event: 'paid', unique: 'order', reversal: 'refunded', value: 'amount' } }));
  choose('Goal By', 'a condition holds');
  expect(shown['goal']).toEqual({ when: '', value: 'amount' });
  type('Goal Condition (EQL)', 'balance >= 50000');
  expect(shown['goal']).toEqual({ when: 'balance >= 50000', value: 'amount' });
  choose('Goal By', 'does something');
  choose('Goal', 'paid');
  choose('Taken back by (as a refund)', 'refunded');
  choose('When it is met', 'the customer goes on; counts every time');
  expect(shown['goal']).toEqual({ event: 'paid', value: 'amount', reversal: 'refunded', count: 'every' });
});

test('an attribute is set to a value, or a number is added to it', () => {
  node('set', { attribute: 'points', increment: -2 });
  expect(screen.getByLabelText<HTMLInputElement>('Value').value).toBe('-2');
  type('Value', '0.5');
  expect(last()['attributes']).toEqual([{ attribute: 'points', increment: 0.5 }]);
  choose('How', 'set to');
  type('Value', 'gold');
  expect(last()).toEqual({ id: 'n', type: 'set', attributes: [{ attribute: 'points', value: 'gold' }] });
  choose('How', 'add');
  expect(last()['attributes']).toEqual([{ attribute: 'points', increment: 1 }]);
});

test('lateness and what is done about it come and go together', () => {
  show(made());
  choose('A wait that ends too late', 'leaves the journey');
  expect([shown['on_late'], shown['max_lateness']]).toEqual(['exit', '2h']);
  choose('A wait that ends too late', 'goes on');
  expect([shown['on_late'], shown['max_lateness']]).toEqual([undefined, undefined]);
});

test('a message is worth nothing that is said, a number, or an attribute', () => {
  show(made());
  choose('Worth of a message', 'a number');
  expect(shown['value']).toBe(1);
  choose('Worth of a message', 'an attribute of the customer');
  expect(shown['value']).toEqual({ attribute: '' });
  press('Mandatory: before all priorities');
  expect(shown['mandatory']).toBe(true);
  press('Mandatory: before all priorities');
  expect(shown['mandatory']).toBeUndefined();
});

test('a wave begins at a moment or after a time, and has texts of its own', () => {
  const waves = { each: [{ percent: 10 }, { percent: 20, after: '1d' }], every: '1d' };
  show(made({ entry: { kind: 'list', waves }, nodes: [kEntry, { id: 'hello', type: 'send' }, { id: 'again', type: 'chain', steps: [{ channel: 'sms', text: '' }, { channel: 'push', text: '' }] }] }), 'start');
  fireEvent.click(screen.getAllByRole('button', { name: /Add/ })[1]!); // of the second wave: its texts
  const second = () => (shown.entry['waves'] as { each: Record<string, unknown>[] }).each[1];
  expect(second()).toEqual({ percent: 20, after: '1d', texts: [{ node: 'hello', text: '' }] });
  choose('Message', 'Chain again');
  type('Attempt', '2');
  type('Text', 'Good morning');
  expect(second()!['texts']).toEqual([{ node: 'again', step: 2, text: 'Good morning' }]);
  expect(screen.getAllByLabelText('When this wave begins')).toHaveLength(2);
  show(made({ entry: { kind: 'batch', schedule: { every: 'day' }, waves } }), 'start');
  expect(screen.queryAllByLabelText('When this wave begins')).toHaveLength(0);
});

test('the branch that all go when none wins follows its name, and goes with it', () => {
  node('experiment', { branches: [{ outcome: 'a', percent: 10 }, { outcome: 'b', percent: 10 }], no_winner: 'b' });
  fireEvent.change(screen.getAllByLabelText('Name')[1]!, { target: { value: 'short' } });
  expect(last()['no_winner']).toBe('short');
  fireEvent.click(screen.getAllByRole('button', { name: 'Remove' })[1]!);
  expect(last()['no_winner']).toBeUndefined();
  choose('Test', 'Bayesian (95% chance to be best)');
  choose('When one wins', 'somebody chooses');
  expect(last()).toMatchObject({ test: 'bayesian', winner: 'manual' });
});

test('a branch waits for what a message came to', () => {
  node('wait_event', { branches: [{ outcome: 'seen', event: 'paid', where: 'amount > 1' }] });
  choose('Event By', 'a message came to');
  choose('Event Receipt', 'opened');
  expect(last().branches).toEqual([{ outcome: 'seen', receipt: 'opened' }]);
});

test('a fault stands at its field, and says of which wave it is', () => {
  const fault = (field: string) => ({ node: 'n', field, code: 'compliance', message: `wrong in ${field}`, warning: true, values: {} });
  render(<Faults.Provider value={['text', 'text of wave 2', 'texts', 'steps[0].text'].map(fault)}><Field label="Text" of="text">x</Field></Faults.Provider>);
  expect(screen.getAllByRole('alert').map(({ textContent }) => textContent)).toEqual(['wrong in text', 'Wave 2 · wrong in text of wave 2']);
});

test('a list is one of those that were uploaded', () => {
  node('list', { action: 'add' });
  choose('List', 'Best customers');
  expect(last()['list']).toBe('vips');
});
