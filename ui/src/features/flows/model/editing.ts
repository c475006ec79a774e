import { NOWHERE, type Definition, type Step } from './definition';
import type { Drawing } from './drawing';
import { without } from './without';
import { SHAPES, waysOf, type Way } from './ways';

/** What is being written: what a flow does, and beside it where its steps are drawn. */
export interface Work {
  readonly definition: Definition;
  readonly drawing: Drawing;
}

const withSteps = (work: Work, steps: Definition['steps']): Work => ({ ...work, definition: { ...work.definition, steps } });

export function changeStep(work: Work, name: string, change: (step: Step) => Step): Work {
  const step = work.definition.steps[name];
  if (step === undefined) return work;
  const changed = change(step);
  return changed === step ? work : withSteps(work, { ...work.definition.steps, [name]: changed });
}

/** A field with its value; one without (undefined) is taken away, so that it is as the server thinks it by itself. */
export function withField(step: Step, field: string, value: unknown): Step {
  return value === undefined ? { ...without(step, field), kind: step.kind } : { ...step, [field]: value };
}

/** Leads a way somewhere. Null takes away a way that need not be there, and leaves one that must be open. */
export function lead(step: Step, { field, key }: Pick<Way, 'field' | 'key'>, to: string | null): Step {
  if (key !== undefined) {
    const held = { ...(step[field] as Record<string, string> | undefined), [key]: to ?? NOWHERE };
    return { ...step, [field]: held };
  }
  if (to !== null) return withField(step, field, to);
  const needed = SHAPES[step.kind]?.needed.includes(field) ?? true;
  return withField(step, field, needed ? NOWHERE : undefined);
}

/** Takes a key of a menu, or an outcome of another flow, away. */
export function withoutKey(step: Step, field: string, key: string): Step {
  return { ...step, [field]: without((step[field] ?? {}) as Record<string, string>, key) };
}

/** A name that no step has, as the server takes it: a-z, 0-9 and hyphens. */
export function freeName({ steps }: Definition, kind: string): string {
  const stem = kind.replaceAll('_', '-').replaceAll(/[^a-z0-9-]/g, '') || 'step';
  for (let nth = 1; ; nth += 1) {
    const name = nth === 1 ? stem : `${stem}-${nth}`;
    if (!Object.hasOwn(steps, name) && name !== NOWHERE) return name;
  }
}

/** Adds a step. When the one it comes after has an open way, the first of these leads to it. */
export function addStep(work: Work, name: string, step: Step, after: string | null): Work {
  const added = withSteps(work, { ...work.definition.steps, [name]: step });
  const before = after === null ? undefined : work.definition.steps[after];
  if (after === null || before === undefined) return added;
  const names = new Set(Object.keys(work.definition.steps));
  const open = waysOf(before, names).find(({ to }) => !names.has(to));
  return open === undefined ? added : changeStep(added, after, (one) => lead(one, open, name));
}

/** Whether a step may go: a flow without a start or a step for failures is none. */
export const mayGo = ({ start, safety }: Definition, name: string): boolean => name !== start && name !== safety;

/** Takes a step away. Ways that led to it are open then, or gone where they need not be there. */
export function removeStep(work: Work, name: string): Work {
  if (!mayGo(work.definition, name) || !Object.hasOwn(work.definition.steps, name)) return work;
  const names = new Set(Object.keys(work.definition.steps));
  const steps: Record<string, Step> = {};
  for (const [other, step] of Object.entries(work.definition.steps)) {
    if (other === name) continue;
    steps[other] = waysOf(step, names)
      .filter(({ to }) => to === name)
      .reduce((cut, way) => lead(cut, way, null), step);
  }
  return { definition: { ...work.definition, steps }, drawing: without(work.drawing, name) };
}
