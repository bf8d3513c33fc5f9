// Edits of a definition. Each gives a new one and leaves the old one as it is; untouched nodes stay the
// same objects, so that only what changed is drawn again.
import { edgeKey, freeId, kMaxNodes, outcomesOf, whenOf, type Definition, type JourneyEdge, type JourneyNode, type Point } from './definition';

export interface Part { nodes: JourneyNode[]; edges: JourneyEdge[] }

const idsOf = ({ nodes }: Definition) => new Set(nodes.map(({ id }) => id));

export function changeNode(definition: Definition, id: string, change: Partial<JourneyNode>): Definition {
  const nodes = definition.nodes.map((node) => {
    if (node.id !== id) return node;
    const changed = Object.entries({ ...node, ...change }).filter(([, value]) => value !== undefined && value !== '');
    return Object.fromEntries(changed) as JourneyNode;
  });
  const outcomes = outcomesOf(nodes.find((node) => node.id === id)!);
  // A way out that is gone takes its edge with it.
  return { ...definition, nodes, edges: definition.edges.filter((edge) => edge.from !== id || outcomes.includes(whenOf(edge))) };
}

// A branch that is called otherwise keeps where it leads.
export function renameOutcome(definition: Definition, id: string, from: string, to: string): Definition {
  return { ...definition, edges: definition.edges.map((edge) => (edge.from === id && whenOf(edge) === from ? { ...edge, when: to } : edge)) };
}

export function moveNodes(definition: Definition, places: ReadonlyMap<string, Point>): Definition {
  return { ...definition, nodes: definition.nodes.map((node) => {
    const at = places.get(node.id);
    return at ? { ...node, at: { x: Math.round(at.x), y: Math.round(at.y) } } : node;
  }) };
}

export function addNode(definition: Definition, made: Omit<JourneyNode, 'id'>, at: Point): { definition: Definition; id: string } | undefined {
  if (definition.nodes.length >= kMaxNodes) return undefined;
  const id = freeId(String(made.type), idsOf(definition));
  return { id, definition: { ...definition, nodes: [...definition.nodes, { ...made, id, at } as JourneyNode] } };
}

// One outcome leads to one node: a new edge takes the place of the old one.
export function connect(definition: Definition, edge: JourneyEdge): Definition {
  const target = definition.nodes.find(({ id }) => id === edge.to);
  if (edge.from === edge.to || !target || target.type === 'entry') return definition;
  const others = definition.edges.filter((old) => old.from !== edge.from || whenOf(old) !== whenOf(edge));
  return { ...definition, edges: [...others, edge] };
}

// The entry stays: a journey has one.
export function remove(definition: Definition, nodes: ReadonlySet<string>, edges: ReadonlySet<string>): Definition {
  const gone = (id: string) => nodes.has(id) && definition.nodes.find((node) => node.id === id)?.type !== 'entry';
  return {
    ...definition,
    nodes: definition.nodes.filter(({ id }) => !gone(id)),
    edges: definition.edges.filter((edge) => !edges.has(edgeKey(edge)) && !gone(edge.from) && !gone(edge.to)),
  };
}

export function copy(definition: Definition, ids: ReadonlySet<string>): Part {
  return {
    nodes: definition.nodes.filter(({ id, type }) => ids.has(id) && type !== 'entry'),
    edges: definition.edges.filter(({ from, to }) => ids.has(from) && ids.has(to) && definition.nodes.find(({ id }) => id === from)?.type !== 'entry'),
  };
}

// With new ids, a little aside; with the edges among them. Nothing when they would be too many.
export function paste(definition: Definition, part: Part, by: Point = { x: 40, y: 40 }): { definition: Definition; ids: Set<string> } | undefined {
  if (part.nodes.length === 0 || definition.nodes.length + part.nodes.length > kMaxNodes) return undefined;
  const taken = idsOf(definition);
  const renamed = new Map<string, string>();
  const nodes = part.nodes.map((node) => {
    const id = freeId(node.type, taken);
    taken.add(id);
    renamed.set(node.id, id);
    return { ...node, id, at: { x: (node.at?.x ?? 0) + by.x, y: (node.at?.y ?? 0) + by.y } } as JourneyNode;
  });
  const edges = part.edges.filter(({ from, to }) => renamed.has(from) && renamed.has(to)).map((edge) => ({ ...edge, from: renamed.get(edge.from)!, to: renamed.get(edge.to)! }));
  return { definition: { ...definition, nodes: [...definition.nodes, ...nodes], edges: [...definition.edges, ...edges] }, ids: new Set(renamed.values()) };
}
