import type { Definition } from './definition';
import { boxesOf, WIDTH, type Box, type Point } from './geometry';
import { grouped } from './grouped';
import { arrowsOf, type Arrow } from './ways';

const BETWEEN_COLUMNS = 96;
const BETWEEN_STEPS = 28;
const LANE = 14;
const SWEEPS = 8;

/** Where everything is drawn: the steps, and the bends of ways that lead past other columns. */
export interface Layout {
  readonly places: Readonly<Record<string, Point>>;
  readonly bends: Readonly<Record<string, readonly Point[]>>;
}

/** Something that takes room in a column: a step, or the lane of a way that leads past. */
interface Cell {
  readonly id: string;
  readonly column: number;
  readonly height: number;
  y: number;
}

/** A piece of a way between neighbouring columns, with where it is tied to its cells. */
interface Link {
  readonly left: Cell;
  readonly leaves: number;
  readonly right: Cell;
  readonly enters: number;
}

/**
 * Layers after Sugiyama, from left to right: columns by the longest way that leads there, lanes for ways that lead
 * past a column, an order with few crossings, and then places as near to their neighbours as their column allows.
 */
export function layoutOf(definition: Definition): Layout {
  const boxes = boxesOf(definition);
  const arrows = arrowsOf(definition);
  const order = walked(definition, arrows);
  const forward = arrows.filter(({ from, to }) => from !== to && !order.back.has(`${from}>${to}`));
  const column = columnsOf(order.names, forward);
  const { columns, links, lanes } = cellsOf(order.names, column, boxes, forward);
  arrange(columns, links);
  place(columns, links);
  const places: Record<string, Point> = {};
  for (const cell of columns.flat()) if (Object.hasOwn(boxes, cell.id)) places[cell.id] = { x: xOf(cell.column), y: Math.round(cell.y) };
  const bends: Record<string, Point[]> = {};
  for (const [id, cells] of lanes) bends[id] = cells.map((cell) => ({ x: xOf(cell.column) + WIDTH / 2, y: Math.round(cell.y) + LANE / 2 }));
  return { places, bends };
}

const xOf = (column: number) => column * (WIDTH + BETWEEN_COLUMNS);

/** The steps as a walk from the start meets them, and the pairs that lead back to where it came from. */
function walked({ start, safety, steps }: Definition, arrows: readonly Arrow[]) {
  const next = grouped(arrows, ({ from }) => from);
  const names: string[] = [];
  const back = new Set<string>();
  const state = new Map<string, 'open' | 'done'>();
  const walk = (first: string) => {
    if (!Object.hasOwn(steps, first) || state.has(first)) return;
    const stack = [{ name: first, at: 0 }];
    state.set(first, 'open');
    names.push(first);
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const to = next.get(top.name)?.[top.at]?.to;
      top.at += 1;
      if (to === undefined) {
        state.set(top.name, 'done');
        stack.pop();
      } else if (state.get(to) === 'open') {
        back.add(`${top.name}>${to}`);
      } else if (!state.has(to)) {
        state.set(to, 'open');
        names.push(to);
        stack.push({ name: to, at: 0 });
      }
    }
  };
  [start, safety, ...Object.keys(steps)].forEach(walk);
  return { names, back };
}

function columnsOf(names: readonly string[], forward: readonly Arrow[]): Map<string, number> {
  const column = new Map(names.map((name) => [name, 0]));
  const of = (name: string) => column.get(name) ?? 0;
  const waits = new Map(names.map((name) => [name, 0]));
  for (const { to } of forward) waits.set(to, (waits.get(to) ?? 0) + 1);
  const next = grouped(forward, ({ from }) => from);
  const ready = names.filter((name) => waits.get(name) === 0);
  for (let name = ready.shift(); name !== undefined; name = ready.shift()) {
    for (const { to } of next.get(name) ?? []) {
      column.set(to, Math.max(of(to), of(name) + 1));
      const left = (waits.get(to) ?? 0) - 1;
      waits.set(to, left);
      if (left === 0) ready.push(to);
    }
  }
  return column;
}

function cellsOf(names: readonly string[], column: ReadonlyMap<string, number>, boxes: Readonly<Record<string, Box>>, forward: readonly Arrow[]) {
  const columns: Cell[][] = [];
  const links: Link[] = [];
  const lanes = new Map<string, Cell[]>();
  const steps = new Map<string, Cell>();
  const put = (id: string, at: number, height: number): Cell => {
    const cell = { id, column: at, height, y: 0 };
    (columns[at] ??= []).push(cell);
    return cell;
  };
  for (const name of names) steps.set(name, put(name, column.get(name) ?? 0, boxes[name]?.height ?? 0));
  // Ways that lead to the same step share their lanes: what many lead to is reached by one trunk.
  const linked = new Set<string>();
  for (const arrow of forward) {
    const from = steps.get(arrow.from);
    const to = steps.get(arrow.to);
    if (from === undefined || to === undefined) continue;
    const passed: Cell[] = [];
    for (let at = from.column + 1; at < to.column; at += 1) {
      const id = `>${arrow.to}/${at}`;
      passed.push(steps.get(id) ?? put(id, at, LANE));
      steps.set(id, passed.at(-1) ?? from);
    }
    const chain = [from, ...passed, to];
    for (const [at, left] of chain.slice(0, -1).entries()) {
      const right = chain[at + 1];
      const id = at === 0 ? arrow.id : left.id;
      if (right === undefined || linked.has(id)) continue;
      linked.add(id);
      const leaves = at === 0 ? (boxes[arrow.from]?.ports[arrow.label] ?? 0) : LANE / 2;
      links.push({ left, leaves, right, enters: right === to ? (boxes[arrow.to]?.entry ?? 0) : LANE / 2 });
    }
    if (passed.length > 0) lanes.set(arrow.id, passed);
  }
  return { columns, links, lanes };
}

const mean = (numbers: readonly number[]) => numbers.reduce((sum, one) => sum + one, 0) / numbers.length;

/** Puts each cell near the middle of its neighbours, column by column, there and back, and keeps the best order seen. */
function arrange(columns: Cell[][], links: readonly Link[]): void {
  const into = grouped(links, ({ right }) => right);
  const outOf = grouped(links, ({ left }) => left);
  const stack = () => columns.forEach((cells) => cells.reduce((y, cell) => ((cell.y = y), y + cell.height + BETWEEN_STEPS), 0));
  const crossings = () => {
    const byColumn = grouped(links, ({ left }) => left.column).values();
    return [...byColumn].reduce((sum, pieces) => sum + crossed(pieces.map(({ left, leaves, right, enters }) => [left.y + leaves, right.y + enters])), 0);
  };
  stack();
  let best = { crossings: crossings(), order: columns.map((cells) => [...cells]) };
  for (let sweep = 0; sweep < SWEEPS && best.crossings > 0; sweep += 1) {
    const right = sweep % 2 === 0;
    for (const cells of right ? columns : columns.toReversed()) {
      const wish = new Map(cells.map((cell) => {
        const ties = (right ? into : outOf).get(cell)?.map((link) => (right ? link.left.y + link.leaves : link.right.y + link.enters)) ?? [];
        return [cell, ties.length === 0 ? cell.y : mean(ties)];
      }));
      cells.sort((a, b) => (wish.get(a) ?? 0) - (wish.get(b) ?? 0));
      cells.reduce((y, cell) => ((cell.y = y), y + cell.height + BETWEEN_STEPS), 0);
    }
    const now = crossings();
    if (now < best.crossings) best = { crossings: now, order: columns.map((cells) => [...cells]) };
  }
  best.order.forEach((cells, at) => (columns[at] = cells));
  stack();
}

function crossed(pieces: readonly (readonly [number, number])[]): number {
  let count = 0;
  for (const [at, [a, b]] of pieces.entries()) {
    for (const [c, d] of pieces.slice(at + 1)) if ((a - c) * (b - d) < 0) count += 1;
  }
  return count;
}

/** In the order that was found, each cell as near to its neighbours as those above and below it leave room. */
function place(columns: readonly Cell[][], links: readonly Link[]): void {
  const into = grouped(links, ({ right }) => right);
  const outOf = grouped(links, ({ left }) => left);
  for (let sweep = 0; sweep < SWEEPS; sweep += 1) {
    const right = sweep % 2 === 0;
    for (const cells of right ? columns : columns.toReversed()) {
      const wishes = cells.map((cell) => {
        const ties = (right ? into : outOf).get(cell)?.map((link) => (right ? link.left.y + link.leaves - link.enters : link.right.y + link.enters - link.leaves)) ?? [];
        return ties.length === 0 ? cell.y : mean(ties);
      });
      spread(cells, wishes);
    }
  }
  const top = Math.min(0, ...columns.flat().map(({ y }) => y));
  for (const cell of columns.flat()) cell.y -= top;
}

/** The places nearest to the wishes (least squares) that keep the order and the room between (pool adjacent violators). */
function spread(cells: readonly Cell[], wishes: readonly number[]): void {
  let above = 0;
  const pools: { sum: number; count: number }[] = [];
  const offsets = cells.map((cell) => {
    const offset = above;
    above += cell.height + BETWEEN_STEPS;
    return offset;
  });
  for (const [at, wish] of wishes.entries()) {
    pools.push({ sum: wish - (offsets[at] ?? 0), count: 1 });
    for (let last = pools.at(-1), before = pools.at(-2); last !== undefined && before !== undefined && before.sum / before.count > last.sum / last.count; last = pools.at(-1), before = pools.at(-2)) {
      pools.splice(-2, 2, { sum: before.sum + last.sum, count: before.count + last.count });
    }
  }
  let at = 0;
  for (const pool of pools) {
    for (let n = 0; n < pool.count; n += 1, at += 1) {
      const cell = cells[at];
      if (cell !== undefined) cell.y = pool.sum / pool.count + (offsets[at] ?? 0);
    }
  }
}
