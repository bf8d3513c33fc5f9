import { useCallback, useMemo, useRef, useState, type DragEvent } from 'react';
import { Background, BackgroundVariant, Controls, MarkerType, MiniMap, ReactFlow, SelectionMode, type Connection, type EdgeChange, type NodeChange, type ReactFlowInstance } from '@xyflow/react';
import '@xyflow/react/dist/style.css';
import { edgeKey, sizeOf, whenOf, type Definition, type JourneyEdge, type JourneyNode, type Kind, type Point } from '../core/definition';
import { kindOf } from '../kinds';
import { FlowEdge, type Flow } from './FlowEdge';
import { NodeCard, type CardData, type CardNode } from './NodeCard';
import { kDragType } from './Palette';

export interface Selection { nodes: ReadonlySet<string>; edges: ReadonlySet<string> }
export const kNothing: Selection = { nodes: new Set(), edges: new Set() };

const nodeTypes = { card: NodeCard };
const edgeTypes = { flow: FlowEdge };
const kMarker = { type: MarkerType.ArrowClosed, width: 16, height: 16, color: '#7b879b', markerUnits: 'userSpaceOnUse' };
const kMini: Record<string, string> = { enter: '#12946a', wait: '#e08a00', judge: '#6a55c2', split: '#6a55c2', touch: '#1f5eff', act: '#3aa6d0', end: '#6b7280' };

function toggled(old: ReadonlySet<string>, changes: (NodeChange | EdgeChange)[]): ReadonlySet<string> {
  const selects = changes.filter((change) => change.type === 'select');
  if (selects.length === 0) return old;
  const next = new Set(old);
  for (const { id, selected } of selects) {
    if (selected) next.add(id);
    else next.delete(id);
  }
  return next;
}

type Decorate = (node: JourneyNode) => Pick<CardData, 'about' | 'faults' | 'here' | 'passed'>;

// Cards are made again only for what changed: React Flow draws a node anew when its object is another.
function makeCards() {
  let before = new Map<string, { card: CardNode; key: unknown[] }>();
  return (nodes: JourneyNode[], moving: ReadonlyMap<string, Point>, selected: ReadonlySet<string>, decorate: Decorate): CardNode[] => {
    const now: typeof before = new Map();
    for (const node of nodes) {
      const more = decorate(node);
      const position = moving.get(node.id) ?? node.at ?? { x: 0, y: 0 };
      const key = [node, position.x, position.y, selected.has(node.id), more.about, more.faults, more.here, more.passed];
      const old = before.get(node.id);
      const card: CardNode = old && key.every((part, i) => part === old.key[i]) ? old.card
        : { id: node.id, type: 'card', position, selected: selected.has(node.id), measured: sizeOf(node), ...sizeOf(node), data: { ...more, node } };
      now.set(node.id, { card, key });
    }
    before = now;
    return [...now.values()].map(({ card }) => card);
  };
}

export const kFit = { maxZoom: 1, padding: 0.12 };
const kLegible = 0.5, kBeginning = 0.75, kMargin = 32; // zooms, and pixels from the left

interface Props {
  definition: Definition;
  editable: boolean;
  selection: Selection;
  decorateNode: Decorate;
  decorateEdge: (edge: JourneyEdge) => Flow['data'];
  onSelect: (selection: Selection) => void;
  onMove: (places: ReadonlyMap<string, Point>) => void;
  onConnect: (edge: JourneyEdge) => void;
  onDrop: (kind: Kind, at: Point) => void;
  onReady: (flow: ReactFlowInstance<CardNode, Flow>) => void;
}

export function Canvas({ definition, editable, selection, decorateNode, decorateEdge, onSelect, onMove, onConnect, onDrop, onReady }: Props) {
  const [moving, setMoving] = useState<ReadonlyMap<string, Point>>(new Map());
  const flow = useRef<ReactFlowInstance<CardNode, Flow>>(null);
  const box = useRef<HTMLDivElement>(null);
  const [cardsOf] = useState(makeCards);
  const cards = useMemo(() => cardsOf(definition.nodes, moving, selection.nodes, decorateNode), [cardsOf, definition.nodes, moving, selection.nodes, decorateNode]);
  const edges = useMemo(() => definition.edges.map((edge): Flow => ({
    id: edgeKey(edge), source: edge.from, target: edge.to, sourceHandle: whenOf(edge), type: 'flow', markerEnd: kMarker, selected: selection.edges.has(edgeKey(edge)), data: decorateEdge(edge),
  })), [definition.edges, selection.edges, decorateEdge]);

  const onNodesChange = useCallback((changes: NodeChange<CardNode>[]) => {
    const moves = changes.filter((change) => change.type === 'position' && change.position !== undefined);
    if (editable && moves.length > 0) setMoving((old) => new Map([...old, ...moves.map((change) => [(change as { id: string }).id, (change as { position: Point }).position] as const)]));
    const nodes = toggled(selection.nodes, changes);
    if (nodes !== selection.nodes) onSelect({ ...selection, nodes });
    // The end of a drag, or a step of the arrow keys: from now on they stand there.
    const ends = changes.some((change) => change.type === 'position' && change.dragging !== true);
    if (editable && ends) {
      const places = new Map([...moving, ...moves.map((change) => [(change as { id: string }).id, (change as { position: Point }).position] as const)]);
      setMoving(new Map());
      if (places.size > 0) onMove(places);
    }
  }, [editable, moving, onMove, onSelect, selection]);
  const onEdgesChange = useCallback((changes: EdgeChange<Flow>[]) => {
    const chosen = toggled(selection.edges, changes);
    if (chosen !== selection.edges) onSelect({ ...selection, edges: chosen });
  }, [onSelect, selection]);
  const onConnected = useCallback(({ source, target, sourceHandle }: Connection) => onConnect({ from: source, to: target, ...(sourceHandle && sourceHandle !== 'next' ? { when: sourceHandle } : {}) }), [onConnect]);
  // Where all of it would be too small to read, its beginning.
  const begin = (made: ReactFlowInstance<CardNode, Flow>) => {
    const entry = definition.nodes.find(({ type }) => type === 'entry'), height = box.current?.clientHeight;
    if (!entry?.at || !height || made.getZoom() >= kLegible) return;
    void made.setViewport({ x: kMargin - entry.at.x * kBeginning, y: height / 2 - (entry.at.y + sizeOf(entry).height / 2) * kBeginning, zoom: kBeginning });
  };
  const drop = (event: DragEvent) => {
    const kind = event.dataTransfer.getData(kDragType) as Kind | '';
    if (!kind || !flow.current) return;
    event.preventDefault();
    onDrop(kind, flow.current.screenToFlowPosition({ x: event.clientX, y: event.clientY }));
  };
  return (
    <ReactFlow<CardNode, Flow> ref={box} nodes={cards} edges={edges} nodeTypes={nodeTypes} edgeTypes={edgeTypes}
      onInit={(made) => { flow.current = made; begin(made); onReady(made); }} onNodesChange={onNodesChange} onEdgesChange={onEdgesChange} onConnect={onConnected}
      onDragOver={(event) => { if (event.dataTransfer.types.includes(kDragType)) event.preventDefault(); }} onDrop={drop}
      nodesDraggable={editable} nodesConnectable={editable} deleteKeyCode={null} selectionMode={SelectionMode.Partial} multiSelectionKeyCode={['Meta', 'Control', 'Shift']} selectionKeyCode="Shift" panActivationKeyCode="Space"
      onlyRenderVisibleElements minZoom={0.05} maxZoom={1.5} fitView fitViewOptions={kFit}>
      <Background variant={BackgroundVariant.Dots} gap={20} color="#d5dae3" />
      <Controls showInteractive={false} />
      <MiniMap pannable zoomable nodeColor={({ data }) => kMini[kindOf((data as CardData).node.type).group] ?? '#6b7280'} />
    </ReactFlow>
  );
}
