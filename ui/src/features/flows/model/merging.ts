import type { Definition, Step } from './definition';

/** What two people made of the same flow, put together step by step. */
export interface Merged {
  readonly definition: Definition;
  /** Steps, and what stands around them, that both changed and not alike: mine stands there. */
  readonly both: readonly string[];
}

const same = (a: unknown, b: unknown) => canonical(a) === canonical(b);

function canonical(value: unknown): string {
  const sorted = (_: string, one: unknown): unknown =>
    typeof one === 'object' && one !== null && !Array.isArray(one) ? Object.fromEntries(Object.entries(one).toSorted(([a], [b]) => (a < b ? -1 : 1))) : one;
  return value === undefined ? '' : JSON.stringify(value, sorted);
}

/** Mine and theirs, both made of `base`: what only one of us changed is as they made it. */
export function merged(base: Definition, mine: Definition, theirs: Definition): Merged {
  const both: string[] = [];
  const one = <T>(name: string, was: T, my: T, their: T): T => {
    if (same(my, their) || same(my, was)) return their;
    if (!same(their, was)) both.push(name);
    return my;
  };
  const steps: Record<string, Step> = {};
  for (const name of new Set([...Object.keys(theirs.steps), ...Object.keys(mine.steps)])) {
    const step = one<Step | undefined>(name, base.steps[name], mine.steps[name], theirs.steps[name]);
    if (step !== undefined) steps[name] = step;
  }
  const around: Record<string, unknown> = Object.fromEntries(
    [...new Set([...Object.keys(theirs), ...Object.keys(mine)])]
      .filter((name) => name !== 'steps')
      .map((name): [string, unknown] => [name, one<unknown>(name, base[name], mine[name], theirs[name])])
      .filter(([, value]) => value !== undefined),
  );
  return { definition: { start: theirs.start, safety: theirs.safety, ...around, steps }, both };
}
