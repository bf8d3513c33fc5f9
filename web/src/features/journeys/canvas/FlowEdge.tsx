import { memo } from 'react';
import { BaseEdge, EdgeLabelRenderer, getBezierPath, useReactFlow, type Edge, type EdgeProps } from '@xyflow/react';
import { short } from '../../../lib/format';
import { useLanguage } from '../../../lib/texts';
import type { Point } from '../core/definition';
import { wayBack } from '../core/layout';

export interface FlowData extends Record<string, unknown> {
  count?: number; // how many went this way
  share?: number; // of the most on any edge
  passed?: boolean;
  onOpen?: () => void;
}
export type Flow = Edge<FlowData, 'flow'>;

const kRound = 12;

// Along the corners, each of them rounded.
function rounded(corners: Point[]): string {
  const towards = (from: Point, to: Point, far: number) => {
    const length = Math.hypot(to.x - from.x, to.y - from.y) || 1;
    return `${from.x + ((to.x - from.x) * far) / length} ${from.y + ((to.y - from.y) * far) / length}`;
  };
  const bend = (at: Point, before: Point, after: Point) => {
    const round = Math.min(kRound, ...[before, after].map((other) => Math.hypot(other.x - at.x, other.y - at.y) / 2));
    return `L ${towards(at, before, round)} Q ${at.x} ${at.y} ${towards(at, after, round)}`;
  };
  const last = corners.at(-1)!;
  return `M ${corners[0]!.x} ${corners[0]!.y} ${corners.slice(1, -1).map((at, i) => bend(at, corners[i]!, corners[i + 2]!)).join(' ')} L ${last.x} ${last.y}`;
}

// An edge is as wide as its flow, and carries the number.
export const FlowEdge = memo(function FlowEdge({ id, sourceX, sourceY, targetX, targetY, sourcePosition, targetPosition, markerEnd, data, selected }: EdgeProps<Flow>) {
  const language = useLanguage();
  const ends = { sourceX, sourceY, targetX, targetY, sourcePosition, targetPosition };
  const { getNodes, getEdges } = useReactFlow();
  // Back to the beginning of a line, with the number beside where it leaves.
  const back = () => {
    const boxes = new Map(getNodes().map(({ id: node, position, measured }) => [node, { ...position, width: measured?.width ?? 0, height: measured?.height ?? 0 }]));
    const corners = wayBack(getEdges(), boxes, id, { x: sourceX, y: sourceY }, { x: targetX, y: targetY }), out = corners[1]!, across = corners[2]!;
    return [rounded(corners), out.x, (out.y + across.y) / 2] as const;
  };
  const [path, x, y] = targetX > sourceX ? getBezierPath(ends) : back();
  const width = data?.share === undefined ? 1.5 : 1.5 + 7 * Math.sqrt(data.share);
  const colour = data?.passed ? '#12946a' : selected ? '#1f5eff' : '#9aa4b5';
  return (
    <>
      <BaseEdge id={id} path={path} markerEnd={markerEnd} interactionWidth={16} style={{ strokeWidth: width, stroke: colour, opacity: data?.share === undefined ? 1 : 0.75 }} />
      {data?.count !== undefined && data.count > 0 && (
        <EdgeLabelRenderer>
          <button type="button" className="edge-count nodrag nopan" style={{ transform: `translate(-50%, -50%) translate(${x}px, ${y}px)` }} onClick={data.onOpen}>{short(data.count, language)}</button>
        </EdgeLabelRenderer>
      )}
    </>
  );
});
