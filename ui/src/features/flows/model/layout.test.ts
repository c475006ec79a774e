import { SEEDS } from '@tests/support/madeUp';
import { madeUpFlow } from '@tests/support/flows';
import { expect, test } from 'vitest';
import type { Definition } from './definition';
import { drawingOf, drawn, keptDrawing } from './drawing';
import { boxesOf, WIDTH, type Point } from './geometry';
import { layoutOf } from './layout';
import { inReach } from './reach';
import { arrowsOf } from './ways';

const LINE: Definition = {
  start: 'hello',
  safety: 'sorry',
  steps: {
    hello: { kind: 'say', text: { 'zh-CN': 'x' }, next: 'ask' },
    ask: { kind: 'menu', text: { 'zh-CN': 'x' }, choices: { '0': 'bye', '2': 'bye', '1': 'person' }, otherwise: 'bye' },
    person: { kind: 'enqueue', queue: 'tariff', next: 'bye', lost: 'sorry' },
    bye: { kind: 'hang_up' },
    sorry: { kind: 'hang_up' },
  },
};
const at = (places: Readonly<Record<string, Point>>, name: string) => places[name] ?? { x: NaN, y: NaN };

test('a flow reads from left to right', () => {
  const { places } = layoutOf(LINE);
  for (const { from, to } of arrowsOf(LINE)) expect([from, to, at(places, from).x < at(places, to).x]).toEqual([from, to, true]);
});

test('what leads past a column has a lane there', () => {
  const { bends, places } = layoutOf(LINE);
  const [lane] = bends['ask>0'] ?? [];
  expect(lane?.x).toBe(at(places, 'person').x + WIDTH / 2);
  expect(Object.keys(bends)).not.toContain('hello>next');
});

test('the ways of a menu stand in the order of the telephone', () => {
  expect(boxesOf(LINE).ask?.rows.map(({ label }) => label)).toEqual(['1', '2', '0', 'otherwise']);
});

test.each(SEEDS)('every step of a made-up flow has its place, and none stands on another (%i)', (seed) => {
  const flow = madeUpFlow(seed);
  const { places, bends } = layoutOf(flow);
  const boxes = boxesOf(flow);
  const names = Object.keys(flow.steps);
  expect(Object.keys(places).toSorted()).toEqual(names.toSorted());
  for (const name of names) {
    const { x, y } = at(places, name);
    expect(Number.isFinite(x) && x >= 0 && Number.isFinite(y) && y >= 0).toBe(true);
    for (const other of names) {
      if (other <= name || at(places, other).x !== x) continue;
      const gap = y < at(places, other).y ? at(places, other).y - (y + (boxes[name]?.height ?? 0)) : y - (at(places, other).y + (boxes[other]?.height ?? 0));
      expect([name, other, gap >= 20]).toEqual([name, other, true]);
    }
    // Nor does a way lead through a step.
    for (const bend of Object.values(bends).flat()) {
      if (bend.x === x + WIDTH / 2) expect(bend.y > y && bend.y < y + (boxes[name]?.height ?? 0)).toBe(false);
    }
  }
  expect(layoutOf(structuredClone(flow))).toEqual({ places, bends });
  expect(inReach(flow).toSorted()).toEqual(names.toSorted());
});

test.each(SEEDS.slice(0, 40))('a drawing changes where steps stand and nothing else (%i)', (seed) => {
  const flow = madeUpFlow(seed);
  const before = structuredClone(flow);
  const drawing = { s0: { x: 7, y: 9 }, elsewhere: { x: 1, y: 1 } };
  const { places } = drawn(flow, drawing);
  expect(flow).toEqual(before);
  expect(Object.keys(places).toSorted()).toEqual(Object.keys(flow.steps).toSorted());
  expect(places.s0).toEqual({ x: 7, y: 9 });
  expect(drawingOf(JSON.parse(JSON.stringify(keptDrawing(drawing, flow))))).toEqual({ s0: { x: 7, y: 9 } });
});

test.each([null, 3, 'x', [], {}, { places: 3 }, { places: { a: { x: 'y', y: 1 }, b: null } }])('a drawing that cannot be read is none: %j', (raw) => {
  expect(drawingOf(raw)).toEqual({});
});
