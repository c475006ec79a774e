import type { Definition } from './definition';
import { waysOf, type Way } from './ways';

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** How large a step is drawn, and where its ways begin, measured from its upper left corner. */
export interface Box {
  readonly width: number;
  readonly height: number;
  /** By the label of a way. */
  readonly ports: Readonly<Record<string, number>>;
  /** Where ways come in. */
  readonly entry: number;
  /** The ways that have a row of their own. */
  readonly rows: readonly Way[];
}

export const WIDTH = 208;
export const HEAD = 60;
export const ROW = 28;

export function boxesOf({ steps }: Definition): Record<string, Box> {
  const names = new Set(Object.keys(steps));
  return Object.fromEntries(Object.entries(steps).map(([name, step]) => [name, boxOf(waysOf(step, names))]));
}

/** One way leaves from the middle of the head; several have a row each. */
function boxOf(ways: readonly Way[]): Box {
  const rows = ways.length > 1 ? ways : [];
  const ports = Object.fromEntries(ways.map(({ label }, at) => [label, rows.length === 0 ? HEAD / 2 : HEAD + at * ROW + ROW / 2]));
  return { width: WIDTH, height: HEAD + rows.length * ROW, ports, entry: HEAD / 2, rows };
}

/** A way as it is drawn: from one end to the other, along its lanes, always leaving and arriving level. */
export function curve(from: Point, bends: readonly Point[], to: Point): string {
  const stops = [{ in: from, out: from }, ...bends.map(({ x, y }) => ({ in: { x: x - WIDTH / 2, y }, out: { x: x + WIDTH / 2, y } })), { in: to, out: to }];
  const parts = [`M${from.x},${from.y}`];
  for (const [at, stop] of stops.entries()) {
    const before = stops[at - 1];
    if (before === undefined) continue;
    const { x: x0, y: y0 } = before.out;
    const { x: x1, y: y1 } = stop.in;
    // What leads back swings out further, so that it is seen to leave and to arrive.
    const pull = x1 > x0 ? (x1 - x0) / 2 : Math.min(240, 60 + (x0 - x1) / 4);
    parts.push(`C${x0 + pull},${y0} ${x1 - pull},${y1} ${x1},${y1}`);
    if (stop.out.x !== stop.in.x) parts.push(`L${stop.out.x},${stop.out.y}`);
  }
  return parts.join(' ');
}
