import type { Definition, JourneyNode, Point } from './definition';
import { outcomesOf } from './definition';
import { addNode, changeNode, connect, copy, moveNodes, paste, remove, renameOutcome } from './edit';
import { begin, commit, redo, undo } from './history';
import { arrange, clearHeight, laneOf, placed, wayBack, type Box } from './layout';
import { parseDuration } from '../../../lib/duration';

const journey: Definition = {
  id: 'j', entry: { kind: 'api' },
  nodes: [{ id: 'start', type: 'entry' }, { id: 'ask', type: 'split', branches: [{ outcome: 'rich', when: 'vip >= 2' }] }, { id: 'mail', type: 'send', channel: 'email', text: 'x' }, { id: 'end', type: 'exit' }],
  edges: [{ from: 'start', to: 'ask' }, { from: 'ask', when: 'rich', to: 'mail' }, { from: 'ask', when: 'else', to: 'end' }, { from: 'mail', to: 'end' }],
};
const node = (definition: Definition, id: string) => definition.nodes.find((one) => one.id === id)!;

test.each<[Partial<JourneyNode>, string[]]>([
  [{ type: 'exit' }, []],
  [{ type: 'wait', for: '1d' }, ['next']],
  [{ type: 'wait', date: 'birthday' }, ['next', 'no_date', 'past']],
  [{ type: 'wait', date: 'birthday', every: 'lunar_year' }, ['next', 'no_date']],
  [{ type: 'wait_event', branches: [{ outcome: 'paid' }] }, ['paid', 'timeout']],
  [{ type: 'judge' }, ['yes', 'no', 'error']],
  [{ type: 'split', branches: [{ outcome: 'rich' }] }, ['rich', 'else', 'error']],
  [{ type: 'ratio', branches: [{ outcome: 'a' }, { outcome: 'b' }, { outcome: 'a' }] }, ['a', 'b']],
])('the ways out of %j', (made, outcomes) => expect(outcomesOf({ id: 'n', ...made } as JourneyNode)).toEqual(outcomes));

test('a branch that is renamed keeps its edge, one that is removed loses it', () => {
  const renamed = changeNode(renameOutcome(journey, 'ask', 'rich', 'wealthy'), 'ask', { branches: [{ outcome: 'wealthy', when: 'vip >= 2' }] });
  // The edge was renamed before the branch was, so it must survive both.
  expect(renamed.edges).toContainEqual({ from: 'ask', when: 'wealthy', to: 'mail' });
  expect(changeNode(journey, 'ask', { branches: [] }).edges).toEqual([{ from: 'start', to: 'ask' }, { from: 'ask', when: 'else', to: 'end' }, { from: 'mail', to: 'end' }]);
});

test('an edit leaves other nodes the same objects, and what is emptied is gone', () => {
  const changed = changeNode(journey, 'mail', { text: 'y', channel: '' });
  expect(node(changed, 'mail')).toEqual({ id: 'mail', type: 'send', text: 'y' });
  expect(node(changed, 'ask')).toBe(node(journey, 'ask'));
  expect(node(moveNodes(journey, new Map([['mail', { x: 1.4, y: 2.6 }]])), 'mail').at).toEqual({ x: 1, y: 3 });
});

test('one outcome leads to one node, nothing leads into the entry or back to itself', () => {
  expect(connect(journey, { from: 'mail', to: 'ask' }).edges.filter(({ from }) => from === 'mail')).toEqual([{ from: 'mail', to: 'ask' }]);
  expect(connect(journey, { from: 'mail', to: 'start' })).toBe(journey);
  expect(connect(journey, { from: 'mail', to: 'mail' })).toBe(journey);
});

test('a node takes its edges with it, the entry stays', () => {
  const left = remove(journey, new Set(['start', 'mail']), new Set(['ask|else|end']));
  expect(left.nodes.map(({ id }) => id)).toEqual(['start', 'ask', 'end']);
  expect(left.edges).toEqual([{ from: 'start', to: 'ask' }]);
});

test('what is pasted has ids of its own and the edges among it', () => {
  const pasted = paste(journey, copy(journey, new Set(['start', 'ask', 'mail'])))!;
  expect([...pasted.ids]).toEqual(['split_1', 'send_1']);
  expect(pasted.definition.edges.slice(4)).toEqual([{ from: 'split_1', when: 'rich', to: 'send_1' }]);
  expect(paste(journey, { nodes: Array.from({ length: 497 }, (_, i) => ({ id: `x${i}`, type: 'exit' as const })), edges: [] })).toBeUndefined();
  expect(addNode(journey, { type: 'send' }, { x: 1, y: 2 })?.id).toBe('send_1');
});

test('undo and redo walk the same way back and forth; typing is one step', () => {
  let history = begin('a');
  history = commit(commit(commit(history, 'ab', 'text'), 'abc', 'text'), 'moved');
  expect(undo(history).now).toBe('abc');
  expect(undo(undo(history)).now).toBe('a');
  expect(redo(undo(history)).now).toBe('moved');
  expect(commit(undo(history), 'other').future).toEqual([]);
  expect(undo(begin('a')).now).toBe('a');
});

test('the layout follows the edges from left to right and nothing lies on another', () => {
  const places = arrange(journey);
  const x = (id: string) => places.get(id)!.x;
  expect(x('start')).toBeLessThan(x('ask'));
  expect(x('ask')).toBeLessThan(x('mail'));
  expect(x('mail')).toBeLessThan(x('end'));
  const drawn = { ...journey, nodes: journey.nodes.map((one) => ({ ...one, at: { x: 5, y: 5 } })) };
  expect(placed(drawn)).toBe(drawn);
  expect(placed(journey).nodes.every(({ at }) => at)).toBe(true);
});

test('a long journey goes on in a second line, and nothing of a line lies on another', () => {
  const ids = ['start', 'b', 'c', 'd', 'e', 'end'];
  const long = { nodes: ids.map((id) => ({ id, type: id === 'start' ? ('entry' as const) : id === 'end' ? ('exit' as const) : ('wait' as const) })), edges: ids.slice(1).map((to, i) => ({ from: ids[i]!, to })) };
  const places = ids.map((id) => arrange(long).get(id)!);
  expect(places.slice(3).map(({ x }) => x)).toEqual(places.slice(0, 3).map(({ x }) => x));
  expect(Math.min(...places.slice(3).map(({ y }) => y))).toBeGreaterThan(Math.max(...places.slice(0, 3).map(({ y }) => y)) + 60);
});

const card = (x: number, y: number, height = 80) => ({ x, y, width: 200, height });
test.each([
  ['between two lines', [card(0, 0), card(300, 0, 120), card(300, 140, 60), card(0, 260)], { x: 500, y: 60 }, { x: 0, y: 320 }, 230],
  ['above its own line', [card(0, 0), card(300, 0, 120)], { x: 500, y: 60 }, { x: 0, y: 40 }, -24],
  ['past cards that are elsewhere', [card(0, 0), card(0, 160), card(900, 80, 80)], { x: 200, y: 40 }, { x: 0, y: 200 }, 120],
])('an edge that goes back crosses no card: %s', (_, cards, from, to, y) => expect(clearHeight(cards, from, to)).toBe(y));

test('edges that go back past the same cards run in lanes of their own', () => {
  const boxes = new Map([['a', card(0, 0)], ['b', card(300, 0)], ['c', card(600, 0)], ['d', card(900, 0)]]);
  const edge = (id: string, source: string, target: string) => ({ id, source, target });
  const edges = [edge('on', 'a', 'b'), edge('1', 'b', 'a'), edge('2', 'b', 'a'), edge('3', 'c', 'b'), edge('4', 'd', 'd'), edge('5', 'd', 'a')];
  expect(edges.map(({ id }) => laneOf(edges, boxes, id))).toEqual([0, 0, 1, 2, 0, 3]);
});

type Line = readonly [Point, Point];
const linesOf = (way: Point[]): Line[] => way.slice(1).map((to, i) => [way[i]!, to]);
// Whether an upright and a level line cross within both.
const cross = (one: Line, other: Line): boolean => {
  const [up, level] = one[0].x === one[1].x ? [one, other] : [other, one];
  if (up[0].x !== up[1].x || level[0].y !== level[1].y) return false;
  const within = (at: number, a: number, b: number) => at > Math.min(a, b) && at < Math.max(a, b);
  return within(up[0].x, level[0].x, level[1].x) && within(level[0].y, up[0].y, up[1].y);
};

test.each<[string, Record<string, Box>, [string, string][]]>([
  ['down to the next line', { a: card(600, 0), b: card(600, 120), c: card(0, 300) }, [['a', 'c'], ['b', 'c']]],
  ['whichever was connected first', { a: card(600, 0), b: card(600, 120), c: card(0, 300) }, [['b', 'c'], ['a', 'c']]],
  ['up to the line before', { a: card(600, 300), b: card(600, 420), c: card(0, 0) }, [['a', 'c'], ['b', 'c']]],
  ['around their own line', { a: card(600, 0), b: card(300, 0), c: card(0, 0) }, [['a', 'c'], ['b', 'c']]],
  ['three of them', { a: card(600, 0), b: card(600, 120), d: card(300, 240), c: card(0, 500) }, [['a', 'c'], ['b', 'c'], ['d', 'c']]],
])('edges back to one node do not cross: %s', (_, cards, pairs) => {
  const boxes = new Map(Object.entries(cards)), edges = pairs.map(([source, target]) => ({ id: source + target, source, target }));
  const ways = edges.map(({ id, source, target }) => {
    const from = boxes.get(source)!, to = boxes.get(target)!;
    return linesOf(wayBack(edges, boxes, id, { x: from.x + from.width, y: from.y + 40 }, { x: to.x, y: to.y + 20 }));
  });
  ways.forEach((way, i) => ways.slice(i + 1).forEach((other) => expect(way.filter((line) => other.some((one) => cross(line, one)))).toEqual([])));
});

test.each([['3d', { count: 3, unit: 'd' }], ['1mo', { count: 1, unit: 'mo' }], ['', undefined], ['d', undefined], [undefined, undefined]])('%s is a duration of %j', (text, said) => expect(parseDuration(text)).toEqual(said));
