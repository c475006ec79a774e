import { BaseEdge, type Edge, type EdgeProps } from '@xyflow/react';
import { memo } from 'react';
import { curve, type Point } from '../model/geometry';
import styles from './Canvas.module.css';

export interface WayData extends Record<string, unknown> {
  bends: readonly Point[];
  taken: boolean;
  width: number;
}

export type WayEdgeType = Edge<WayData, 'way'>;

/** A way between two steps, along the lanes that the layout left free for it. */
export const WayEdge = memo(function WayEdge({ id, data, markerEnd, selected, ...ends }: EdgeProps<WayEdgeType>) {
  const path = curve({ x: ends.sourceX, y: ends.sourceY }, data?.bends ?? [], { x: ends.targetX, y: ends.targetY });
  return (
    <BaseEdge
      id={id}
      path={path}
      markerEnd={markerEnd}
      className={[styles.way, data?.taken === true ? styles.takenWay : '', selected === true ? styles.chosenWay : ''].join(' ')}
      style={{ strokeWidth: data?.width ?? 1 }}
    />
  );
});
