import { NOWHERE, type Definition, type Step } from './definition';

/** A way out of a step: the label that the server counts it by, and where it leads. */
export interface Way {
  readonly label: string;
  readonly to: string;
  /** The field that holds it, and the key in that field when it holds several. */
  readonly field: string;
  readonly key?: string;
}

interface Shape {
  needed: readonly string[];
  may?: readonly string[];
  /** A field that holds ways by key. */
  many?: string;
}

/** Where steps of the kinds that this editor knows lead. */
export const SHAPES: Readonly<Record<string, Shape>> = {
  say: { needed: ['next'] },
  menu: { needed: ['otherwise'], many: 'choices' },
  collect: { needed: ['next', 'otherwise'] },
  service_password: { needed: ['passed', 'refused', 'otherwise'] },
  set: { needed: ['next'] },
  enqueue: { needed: ['next', 'lost'], may: ['overflow', 'closed', 'message'] },
  condition: { needed: ['then', 'otherwise'] },
  hours: { needed: ['open', 'closed'], may: ['holiday'] },
  business_call: { needed: ['ok', 'not_ok'], may: ['timed_out', 'let_through'] },
  sub_flow: { needed: ['next', 'failed'], many: 'outcomes' },
  return: { needed: [] },
  consent: { needed: ['agreed', 'refused', 'otherwise'] },
  hang_up: { needed: [] },
  rate: { needed: ['next'] },
  take_message: { needed: ['next', 'otherwise'] },
};

export const FAILED = 'failed';
const NO_WAYS = new Set(['kind', 'title', 'queue', 'into', 'outcome', 'method', 'what', 'language', 'flow', 'calendar', 'connection']);

/** Every way out of a step, in the order in which they are shown. */
export function waysOf(step: Step, names: ReadonlySet<string>): Way[] {
  const shape = SHAPES[step.kind];
  if (shape === undefined) return guessed(step, names);
  const many = shape.many === undefined ? [] : several(step, shape.many);
  const plain = [...shape.needed, ...(shape.may ?? []), ...(shape.needed.includes(FAILED) ? [] : [FAILED])];
  const single = plain.flatMap((field): Way[] => {
    const to = step[field];
    if (typeof to === 'string') return [{ label: field, to, field }];
    return shape.needed.includes(field) ? [{ label: field, to: NOWHERE, field }] : [];
  });
  return [...many, ...single];
}

function several(step: Step, field: string): Way[] {
  const held = step[field];
  if (typeof held !== 'object' || held === null) return [];
  return inOrder(Object.entries(held)).map(([key, to]) => ({ label: key, to: typeof to === 'string' ? to : NOWHERE, field, key }));
}

/** Keys as they stand on a telephone: 1 to 9, then 0, * and #. Words stay as they are. */
function inOrder<T>(entries: [string, T][]): [string, T][] {
  const place = (key: string) => '1234567890*#'.indexOf(key);
  return entries.every(([key]) => key.length === 1 && place(key) >= 0) ? entries.toSorted(([a], [b]) => place(a) - place(b)) : entries;
}

/** Of a kind that is newer than this editor: whatever names a step leads there. */
function guessed(step: Step, names: ReadonlySet<string>): Way[] {
  return Object.entries(step).flatMap(([field, value]): Way[] => {
    if (NO_WAYS.has(field)) return [];
    if (typeof value === 'string' && (names.has(value) || value === NOWHERE)) return [{ label: field, to: value, field }];
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return [];
    const held = Object.entries(value as Record<string, unknown>);
    return held.length > 0 && held.every(([, to]) => typeof to === 'string' && (names.has(to) || to === NOWHERE))
      ? held.map(([key, to]) => ({ label: key, to: to as string, field, key }))
      : [];
  });
}

/** A way that leads from a step to another one that is there. */
export interface Arrow extends Way {
  readonly id: string;
  readonly from: string;
}

export const arrowId = (from: string, label: string) => `${from}>${label}`;

export function arrowsOf({ steps }: Definition): Arrow[] {
  const names = new Set(Object.keys(steps));
  return Object.entries(steps).flatMap(([from, step]) =>
    waysOf(step, names)
      .filter(({ to }) => names.has(to))
      .map((way) => ({ ...way, from, id: arrowId(from, way.label) })),
  );
}

/** How waiting for a person ended, or else the label itself, as the way of the step that is taken then; null for what is none. */
export function wayTaken(step: Step | undefined, label: string): string | null {
  if (label === 'left' || label === 'queued' || label === 'end') return null;
  if (label === 'not_assured') return FAILED;
  if (step?.kind !== 'enqueue' || label === FAILED) return label;
  if (label === 'done') return 'next';
  return [label, 'overflow', 'lost'].find((one) => typeof step[one] === 'string') ?? null;
}
