const FIRST_MS = 400;
const LONGEST_MS = 15_000;

/**
 * How long to wait before try number `attempt` (from 0): doubling, with full jitter, so that ten thousand
 * desks do not come back in the same instant. The first try comes soon: most cuts are short.
 */
export function backoffMs(attempt: number, random: () => number = Math.random): number {
  const ceiling = Math.min(LONGEST_MS, FIRST_MS * 2 ** attempt);
  return Math.round(ceiling / 4 + random() * ceiling * 0.75);
}
