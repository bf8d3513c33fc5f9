import { memo } from 'react';
import { BaseEdge, EdgeLabelRenderer, getBezierPath, getSmoothStepPath, useReactFlow, type Edge, type EdgeProps } from '@xyflow/react';
import { short } from '../../../lib/format';
import { useLanguage } from '../../../lib/texts';
import { clearHeight, laneOf } from '../core/layout';

export interface FlowData extends Record<string, unknown> {
  count?: number; // how many went this way
  share?: number; // of the most on any edge
  passed?: boolean;
  onOpen?: () => void;
}
export type Flow = Edge<FlowData, 'flow'>;

const kBend = 20, kLane = 8; // how far an edge runs on before it turns, and from one lane to the next

// An edge is as wide as its flow, and carries the number.
export const FlowEdge = memo(function FlowEdge({ id, sourceX, sourceY, targetX, targetY, sourcePosition, targetPosition, markerEnd, data, selected }: EdgeProps<Flow>) {
  const language = useLanguage();
  const ends = { sourceX, sourceY, targetX, targetY, sourcePosition, targetPosition };
  const { getNodes, getEdges } = useReactFlow();
  // Back to the beginning of a line: between the cards, with the number beside where it leaves.
  const back = () => {
    const boxes = new Map(getNodes().map(({ id: node, position, measured }) => [node, { ...position, width: measured?.width ?? 0, height: measured?.height ?? 0 }]));
    const lane = laneOf(getEdges(), boxes, id) * kLane, offset = kBend + lane;
    const centerY = clearHeight([...boxes.values()], { x: sourceX, y: sourceY }, { x: targetX, y: targetY }) + lane;
    return [getSmoothStepPath({ ...ends, borderRadius: 12, centerY, offset })[0], sourceX + offset, (sourceY + centerY) / 2] as const;
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
