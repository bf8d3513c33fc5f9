// Places for all nodes, left to right along the edges; in a few lines, as text is, where one would be too
// long to be read beside the settings of a journey.
import { Graph, layout } from '@dagrejs/dagre';
import { sizeOf, type Definition, type Point } from './definition';

const kColumns = 4, kMostLines = 3, kBetweenLines = 56;

function inLines(places: Map<string, Point>, bottomOf: (id: string) => number): Map<string, Point> {
  const columns = [...new Set([...places.values()].map(({ x }) => x))].sort((a, b) => a - b);
  const lines = Math.ceil(columns.length / kColumns);
  if (lines < 2 || lines > kMostLines) return places;
  const perLine = Math.ceil(columns.length / lines);
  const moved = new Map<string, Point>();
  for (let line = 0, top = Math.min(...[...places.values()].map(({ y }) => y)); line < lines; ++line) {
    const shown = columns.slice(line * perLine, (line + 1) * perLine);
    const here = [...places].filter(([, { x }]) => shown.includes(x));
    const down = top - Math.min(...here.map(([, { y }]) => y)), left = shown[0]! - columns[0]!;
    for (const [id, { x, y }] of here) moved.set(id, { x: x - left, y: y + down });
    top = Math.max(...here.map(([id]) => bottomOf(id))) + down + kBetweenLines;
  }
  return moved;
}

export function arrange({ nodes, edges }: Pick<Definition, 'nodes' | 'edges'>): Map<string, Point> {
  const graph = new Graph({ multigraph: true });
  graph.setGraph({ rankdir: 'LR', nodesep: 28, ranksep: 48, marginx: 16, marginy: 16 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const node of nodes) graph.setNode(node.id, sizeOf(node));
  for (const { from, to, when } of edges) if (graph.hasNode(from) && graph.hasNode(to)) graph.setEdge(from, to, {}, when ?? 'next');
  layout(graph);
  const heights = new Map(nodes.map((node) => [node.id, sizeOf(node).height]));
  const places = new Map(nodes.map((node) => {
    const { x, y } = graph.node(node.id) as Point;
    const { width, height } = sizeOf(node);
    return [node.id, { x: Math.round(x - width / 2), y: Math.round(y - height / 2) }];
  }));
  return inLines(places, (id) => places.get(id)!.y + heights.get(id)!);
}

export interface Box extends Point { width: number; height: number }
const kBesides = 24, kLeastGap = 16;

// How high an edge that goes back runs across, from the right of one card to the left of another, so that it
// crosses none: nearest to the middle of its ends.
export function clearHeight(cards: readonly Box[], from: Point, to: Point): number {
  const spans = cards.filter(({ x, width }) => x < from.x + kBesides && x + width > to.x - kBesides).map(({ y, height }) => [y, y + height] as const).sort(([a], [b]) => a - b);
  const middle = (from.y + to.y) / 2;
  if (spans.length === 0) return middle;
  const clear = [spans[0]![0] - kBesides];
  let bottom = spans[0]![1];
  for (const [top, end] of spans) {
    if (top - bottom >= kLeastGap) clear.push((bottom + top) / 2);
    bottom = Math.max(bottom, end);
  }
  clear.push(bottom + kBesides);
  return clear.reduce((best, y) => (Math.abs(y - middle) < Math.abs(best - middle) ? y : best));
}

interface Ends { id: string; source: string; target: string }
type Boxes = ReadonlyMap<string, Box>;

const backward = (edges: readonly Ends[], boxes: Boxes) => edges.filter(({ source, target }) => {
  const from = boxes.get(source), to = boxes.get(target);
  return from && to && to.x <= from.x + from.width;
});

const rightOf = ({ x, width, y, height }: Box): Point => ({ x: x + width, y: y + height / 2 });

// How high the edges back to a node run across: one height for all of them, clear for the longest.
function acrossTo(target: string, edges: readonly Ends[], boxes: Boxes): number {
  const { x, y, height } = boxes.get(target)!;
  const from = edges.filter((edge) => edge.target === target).map(({ source }) => rightOf(boxes.get(source)!)).reduce((a, b) => (b.x > a.x ? b : a));
  return clearHeight([...boxes.values()], from, { x, y: y + height / 2 });
}

// The first lane that no edge before this one runs in, of those that go back past the same cards: two in one
// lane would be one line. Who has least far to go is nearest to the cards, so that none leaves across another.
export function laneOf(edges: readonly Ends[], boxes: Boxes, id: string): number {
  const taken: { left: number; right: number; lane: number }[] = [];
  const back = backward(edges, boxes);
  const far = new Map(back.map((edge) => [edge.id, Math.abs(acrossTo(edge.target, back, boxes) - rightOf(boxes.get(edge.source)!).y)]));
  for (const edge of [...back].sort((a, b) => far.get(a.id)! - far.get(b.id)!)) {
    const left = boxes.get(edge.target)!.x, right = rightOf(boxes.get(edge.source)!).x;
    const beside = new Set(taken.filter((one) => one.left <= right && left <= one.right).map(({ lane }) => lane));
    let lane = 0;
    while (beside.has(lane)) ++lane;
    if (edge.id === id) return lane;
    taken.push({ left, right, lane });
  }
  return 0;
}

const kBend = 20, kLane = 8; // how far an edge runs on before it turns, and from one lane to the next

// The corners of an edge back to the beginning of a line, from the point where it leaves to the one where it
// arrives. Those to one node are one line once they have met, so that none crosses another on the way.
export function wayBack(edges: readonly Ends[], boxes: Boxes, id: string, from: Point, to: Point): Point[] {
  const back = backward(edges, boxes), target = back.find((edge) => edge.id === id)?.target;
  if (target === undefined) return [from, to]; // its cards are not measured yet
  const shared = Math.min(...back.filter((edge) => edge.target === target).map((edge) => laneOf(back, boxes, edge.id))) * kLane;
  const right = from.x + kBend + laneOf(back, boxes, id) * kLane, left = to.x - kBend - shared;
  const y = acrossTo(target, back, boxes) + shared;
  return [from, { x: right, y: from.y }, { x: right, y }, { x: left, y }, { x: left, y: to.y }, to];
}

// A definition that was not drawn here has no places yet.
export function placed(definition: Definition): Definition {
  if (definition.nodes.every(({ at }) => typeof at?.x === 'number' && typeof at.y === 'number')) return definition;
  const places = arrange(definition);
  return { ...definition, nodes: definition.nodes.map((node) => ({ ...node, at: places.get(node.id)! })) };
}
