import { Background, MarkerType, Panel, Position, ReactFlow, ReactFlowProvider, useReactFlow, useStore, type NodeHandle, type ReactFlowInstance } from '@xyflow/react';
import '@xyflow/react/dist/base.css';
import { Button } from 'antd';
import { Maximize, Minus, Plus } from 'lucide-react';
import { useEffect, useMemo, useState } from 'react';
import { useMessages } from '@/shared/i18n/useMessages';
import type { Edit } from '../hooks/useEdit';
import { useStepWords } from '../hooks/useStepWords';
import { messages } from '../messages';
import type { Definition } from '../model/definition';
import { drawn, type Drawing } from '../model/drawing';
import { boxesOf, type Box, type Point } from '../model/geometry';
import type { Trail } from '../model/played';
import { thickness, type Traffic } from '../model/traffic';
import { arrowId, arrowsOf } from '../model/ways';
import styles from './Canvas.module.css';
import { StepNode, type StepNodeType } from './StepNode';
import { WayEdge, type WayEdgeType } from './WayEdge';

const NODES = { step: StepNode };
const EDGES = { way: WayEdge };
const MARK = { type: MarkerType.ArrowClosed, width: 16, height: 16, color: 'var(--ant-color-text-tertiary)', markerUnits: 'userSpaceOnUse' } as const;
const WHOLE = { maxZoom: 1, padding: 0.08 };
const TAKEN_MARK = { ...MARK, color: 'var(--ant-color-primary-text)' };

interface Props {
  definition: Definition;
  drawing: Drawing;
  chosen: string | null;
  onChoose: (step: string | null) => void;
  /** How many problems each step has. */
  problems: ReadonlyMap<string, number>;
  trail: Trail;
  /** Null while how contacts went is not shown. */
  traffic: Traffic | null;
  /** Null for who may only look. */
  edit: Edit | null;
}

export function Canvas(props: Props) {
  return (
    <ReactFlowProvider>
      <Graph {...props} />
    </ReactFlowProvider>
  );
}

/** The flow as a graph. Where steps stand is drawing: nothing here changes what the flow does. */
function Graph({ definition, drawing, chosen, onChoose, problems, trail, traffic, edit }: Props) {
  const editable = edit !== null;
  const [dragged, setDragged] = useState<{ name: string; at: Point } | null>(null);
  const t = useMessages(messages);
  const words = useStepWords();
  const boxes = useMemo(() => boxesOf(definition), [definition]);
  const layout = useMemo(() => drawn(definition, drawing), [definition, drawing]);
  const nodes = useMemo(
    () =>
      Object.entries(definition.steps).flatMap(([name, step]): StepNodeType[] => {
        const box = boxes[name];
        if (box === undefined) return [];
        const size = { width: box.width, height: box.height };
        return [
          {
            id: name,
            type: 'step',
            position: (dragged?.name === name ? dragged.at : layout.places[name]) ?? { x: 0, y: 0 },
            ...size,
            measured: size,
            handles: handlesOf(box),
            selected: name === chosen,
            ariaLabel: t('step.label', { title: words.title(name, step), kind: words.kind(step.kind), line: words.line(step), n: problems.get(name) ?? 0 }),
            domAttributes: { 'aria-roledescription': t('step') },
            data: {
              name,
              step,
              box,
              starts: definition.start === name,
              saves: definition.safety === name,
              problems: problems.get(name) ?? 0,
              turn: trail.turns.get(name),
              taken: Object.keys(box.ports).filter((label) => trail.taken.has(arrowId(name, label))),
              counts: traffic === null ? null : Object.fromEntries(Object.keys(box.ports).map((label) => [label, traffic.ways.get(arrowId(name, label)) ?? 0])),
              left: traffic?.steps.get(name)?.left ?? 0,
              reached: traffic?.steps.get(name)?.reached ?? 0,
              editable,
            },
          },
        ];
      }),
    [definition, boxes, layout, dragged, chosen, problems, trail, traffic, editable, t, words],
  );
  const edges = useMemo(
    () =>
      arrowsOf(definition).map(({ id, from, to, label }): WayEdgeType => {
        const taken = trail.taken.has(id);
        const width = traffic === null ? (taken ? 2.5 : 1.25) : thickness(traffic.ways.get(id) ?? 0, traffic.most);
        return { id, type: 'way', source: from, target: to, sourceHandle: label, targetHandle: 'in', focusable: false, zIndex: taken ? 1 : 0, markerEnd: taken ? TAKEN_MARK : MARK, data: { bends: layout.bends[id] ?? [], taken, width } };
      }),
    [definition, layout, trail, traffic],
  );
  return (
    <div className={styles.canvas} style={{ height: '100%' }} role="region" aria-label={t('graph')}>
      <ReactFlow
        onKeyDown={(event) => {
          // Only on the graph itself: in a field the key takes a letter away.
          if (event.key === 'Delete' && chosen !== null) edit?.remove(chosen);
        }}
        nodes={nodes}
        edges={edges}
        nodeTypes={NODES}
        edgeTypes={EDGES}
        nodesDraggable={editable}
        nodesConnectable={editable}
        onNodeDragStop={(_, node) => {
          setDragged(null);
          edit?.move(node.id, { x: Math.round(node.position.x), y: Math.round(node.position.y) });
        }}
        onConnect={({ source, sourceHandle, target }) => sourceHandle !== null && edit?.connect(source, sourceHandle, target)}
        deleteKeyCode={null}
        minZoom={0.15}
        maxZoom={1.5}
        onInit={(graph) => void beginAt(graph, layout.places[definition.start])}
        proOptions={{ hideAttribution: true }}
        ariaLabelConfig={{ 'node.a11yDescription.default': t('graph.keys'), 'node.a11yDescription.keyboardDisabled': t('graph.keys'), 'edge.a11yDescription.default': t('graph.keys') }}
        onNodeClick={(_, node) => onChoose(node.id)}
        onNodesChange={(changes) => {
          for (const change of changes) {
            if (change.type === 'select' && change.selected) onChoose(change.id);
            if (change.type === 'position' && change.position !== undefined && change.dragging === true) setDragged({ name: change.id, at: change.position });
            // The arrow keys move what is chosen.
            if (change.type === 'position' && change.position !== undefined && change.dragging === false && dragged === null) edit?.move(change.id, change.position);
          }
        }}
        onPaneClick={() => onChoose(null)}
      >
        <Background gap={20} color="var(--ant-color-border)" />
        <Zoom />
        <Follow chosen={chosen} at={trail.at} />
      </ReactFlow>
    </div>
  );
}

const LEGIBLE = 0.65;

/** The whole graph when it can be read then, else from where the flow starts. */
async function beginAt(graph: ReactFlowInstance<StepNodeType, WayEdgeType>, start: Point | undefined): Promise<void> {
  await graph.fitView(WHOLE);
  if (graph.getZoom() >= LEGIBLE || start === undefined) return;
  const { y } = graph.getViewport();
  const middle = (start.y * graph.getZoom() + y) - start.y * LEGIBLE;
  await graph.setViewport({ x: 32 - start.x * LEGIBLE, y: middle, zoom: LEGIBLE });
}

function handlesOf({ ports, entry, width }: Box): NodeHandle[] {
  const dot = { width: 9, height: 9 };
  return [
    { ...dot, id: 'in', type: 'target', position: Position.Left, x: -4.5, y: entry - 4.5 },
    ...Object.entries(ports).map(([id, y]): NodeHandle => ({ ...dot, id, type: 'source', position: Position.Right, x: width - 4.5, y: y - 4.5 })),
  ];
}

function Zoom() {
  const t = useMessages(messages);
  const { zoomIn, zoomOut, fitView } = useReactFlow();
  const zoom = useStore((state) => state.transform[2]);
  return (
    <Panel position="bottom-left" className={styles.zoom}>
      <Button type="text" aria-label={t('zoom.out')} icon={<Minus size={16} aria-hidden />} onClick={() => void zoomOut()} />
      <span className="cl-note">{`${Math.round(zoom * 100)}%`}</span>
      <Button type="text" aria-label={t('zoom.in')} icon={<Plus size={16} aria-hidden />} onClick={() => void zoomIn()} />
      <Button type="text" aria-label={t('zoom.fit')} icon={<Maximize size={16} aria-hidden />} onClick={() => void fitView(WHOLE)} />
    </Panel>
  );
}

/** Brings into sight what was chosen elsewhere, or where the trial stands. */
function Follow({ chosen, at }: { chosen: string | null; at: string | null }) {
  const { getInternalNode, getViewport, setCenter } = useReactFlow();
  const width = useStore((state) => state.width);
  const height = useStore((state) => state.height);
  useEffect(() => {
    const node = getInternalNode(chosen ?? at ?? '');
    if (node === undefined || width === 0) return;
    const { x, y, zoom } = getViewport();
    const left = node.internals.positionAbsolute.x * zoom + x;
    const top = node.internals.positionAbsolute.y * zoom + y;
    const [w, h] = [(node.measured.width ?? 0) * zoom, (node.measured.height ?? 0) * zoom];
    if (left >= 0 && top >= 0 && left + w <= width && top + h <= height) return;
    void setCenter(node.internals.positionAbsolute.x + w / zoom / 2, node.internals.positionAbsolute.y + h / zoom / 2, { zoom, duration: 0 });
    // Only when another step is meant, not whenever somebody moves the graph.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [chosen, at]);
  return null;
}
