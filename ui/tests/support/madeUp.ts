/** Numbers that look random and are the same each time: what a property test finds can be found again. */
export function madeUp(seed: number): (below: number) => number {
  let state = seed * 2654435761 + 1;
  return (below) => {
    state = (Math.imul(state ^ (state >>> 15), 2246822519) + 0x9e3779b9) | 0;
    return ((state ^ (state >>> 13)) >>> 0) % below;
  };
}

export const SEEDS = Array.from({ length: 200 }, (_, at) => at + 1);
