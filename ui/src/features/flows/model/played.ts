import type { Simulation } from '@/shared/api/generated/types.gen';
import type { Definition } from './definition';
import { arrowId, wayTaken } from './ways';

/** What a trial passed, as it is drawn: by step the turn at which it was first reached, the ways taken, where it stands. */
export interface Trail {
  readonly turns: ReadonlyMap<string, number>;
  readonly taken: ReadonlySet<string>;
  readonly at: string | null;
  /** Every step in order, as often as it was passed. */
  readonly path: readonly { step: string; way: string | null }[];
}

export const NO_TRAIL: Trail = { turns: new Map(), taken: new Set(), at: null, path: [] };

/** A step of a flow that was called is `identify/ask-pin`: on the drawing of the caller it is the step that called. */
const drawnStep = (step: string) => step.split('/')[0] ?? step;

export function trailOf({ lines, waits_for }: Pick<Simulation, 'lines' | 'waits_for'>, { steps }: Definition): Trail {
  const path: { step: string; way: string | null }[] = [];
  const taken = new Set<string>();
  let open = false;
  for (const { step, kind, text } of lines) {
    if (step === '' || kind === 'ended') continue;
    if (!open || path.at(-1)?.step !== step) path.push({ step, way: null });
    open = true;
    const last = path.at(-1);
    if (kind !== 'way' || last === undefined || text === 'queued') continue;
    last.way = text;
    open = false;
    const way = step.includes('/') ? null : wayTaken(steps[step], text);
    if (way !== null) taken.add(arrowId(step, way));
  }
  const turns = new Map<string, number>();
  for (const step of path.map((passed) => drawnStep(passed.step))) if (!turns.has(step)) turns.set(step, turns.size + 1);
  return { turns, taken, at: waits_for === null ? null : drawnStep(lines.at(-1)?.step ?? ''), path };
}
