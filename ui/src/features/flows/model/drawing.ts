import type { Definition } from './definition';
import type { Point } from './geometry';
import { layoutOf, type Layout } from './layout';

/** Where somebody put steps by hand; steps that are not in it are put by the layout. It means nothing else. */
export type Drawing = Readonly<Record<string, Point>>;

const isPoint = (value: unknown): value is Point =>
  typeof value === 'object' && value !== null && 'x' in value && 'y' in value && Number.isFinite(value.x) && Number.isFinite(value.y);

/** Of what is kept beside a definition, the places that can be read. */
export function drawingOf(raw: unknown): Drawing {
  const places = typeof raw === 'object' && raw !== null && 'places' in raw ? raw.places : null;
  if (typeof places !== 'object' || places === null) return {};
  return Object.fromEntries(Object.entries(places).filter((entry): entry is [string, Point] => isPoint(entry[1])).map(([name, { x, y }]) => [name, { x, y }]));
}

/** As it is kept; null when everything is where the layout puts it. */
export function keptDrawing(drawing: Drawing, { steps }: Definition): { places: Drawing } | null {
  const places = Object.fromEntries(Object.entries(drawing).filter(([name]) => Object.hasOwn(steps, name)));
  return Object.keys(places).length === 0 ? null : { places };
}

/** The layout, with the steps that were put by hand where they were put. */
export function drawn(definition: Definition, drawing: Drawing): Layout {
  const { places, bends } = layoutOf(definition);
  const moved = new Set(Object.keys(drawing).filter((name) => Object.hasOwn(places, name)));
  if (moved.size === 0) return { places, bends };
  // Past what was moved there is no lane any more.
  return { places: { ...places, ...Object.fromEntries(Object.entries(drawing).filter(([name]) => moved.has(name))) }, bends: {} };
}
