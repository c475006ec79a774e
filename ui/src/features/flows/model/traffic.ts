import type { JourneysShown } from '@/shared/api/generated/types.gen';
import type { Definition } from './definition';
import { arrowId, wayTaken } from './ways';

/** How many took which way, as it is drawn. */
export interface Traffic {
  readonly steps: ReadonlyMap<string, { reached: number; left: number }>;
  readonly ways: ReadonlyMap<string, number>;
  /** The most that took one way. */
  readonly most: number;
}

export const NO_TRAFFIC: Traffic = { steps: new Map(), ways: new Map(), most: 0 };

export function trafficOf({ steps }: Pick<JourneysShown, 'steps'>, definition: Definition): Traffic {
  const ways = new Map<string, number>();
  for (const { step, ways: taken } of steps) {
    for (const [way, count] of Object.entries(taken)) {
      const label = wayTaken(definition.steps[step], way);
      if (label === null) continue;
      const id = arrowId(step, label);
      ways.set(id, (ways.get(id) ?? 0) + count);
    }
  }
  return {
    steps: new Map(steps.map(({ step, reached, left }) => [step, { reached, left }])),
    ways,
    most: Math.max(0, ...ways.values()),
  };
}

/** How thick a way is drawn, in pixels: by the root of its share, so that what few take is still seen. */
export const thickness = (count: number, most: number): number => (count === 0 || most === 0 ? 1 : 1.5 + 6 * Math.sqrt(count / most));
