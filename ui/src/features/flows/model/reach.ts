import type { Definition } from './definition';
import { grouped } from './grouped';
import { arrowsOf } from './ways';

/** The steps as callers meet them: from the start outwards, then from the safety step, then what nobody reaches. */
export function inReach(definition: Definition): string[] {
  const next = grouped(arrowsOf(definition), ({ from }) => from);
  const met = new Set<string>();
  for (const first of [definition.start, definition.safety, ...Object.keys(definition.steps)]) {
    const todo = Object.hasOwn(definition.steps, first) ? [first] : [];
    for (let name = todo.shift(); name !== undefined; name = todo.shift()) {
      if (met.has(name)) continue;
      met.add(name);
      todo.push(...(next.get(name) ?? []).map(({ to }) => to));
    }
  }
  return [...met];
}
