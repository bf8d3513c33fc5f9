// Places for all nodes, left to right along the edges.
import { Graph, layout } from '@dagrejs/dagre';
import { sizeOf, type Definition, type Point } from './definition';

export function arrange({ nodes, edges }: Pick<Definition, 'nodes' | 'edges'>): Map<string, Point> {
  const graph = new Graph({ multigraph: true });
  graph.setGraph({ rankdir: 'LR', nodesep: 28, ranksep: 48, marginx: 16, marginy: 16 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const node of nodes) graph.setNode(node.id, sizeOf(node));
  for (const { from, to, when } of edges) if (graph.hasNode(from) && graph.hasNode(to)) graph.setEdge(from, to, {}, when ?? 'next');
  layout(graph);
  return new Map(nodes.map((node) => {
    const { x, y } = graph.node(node.id) as Point;
    const { width, height } = sizeOf(node);
    return [node.id, { x: Math.round(x - width / 2), y: Math.round(y - height / 2) }];
  }));
}

// A definition that was not drawn here has no places yet.
export function placed(definition: Definition): Definition {
  if (definition.nodes.every(({ at }) => typeof at?.x === 'number' && typeof at.y === 'number')) return definition;
  const places = arrange(definition);
  return { ...definition, nodes: definition.nodes.map((node) => ({ ...node, at: places.get(node.id)! })) };
}
