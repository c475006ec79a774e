import { againstTarget, type SeverityLevel } from '@/design/Severity';
import type { AgentShownOnFloor, FigureShown, QueueShown } from '@/shared/api/generated/types.gen';
import { formatDuration } from '@/shared/time/format';

const NONE = '\u2014';

/** A figure as it is shown: the number, and the sign of its unit where one is written. */
export function shownFigure({ value, unit }: Pick<FigureShown, 'value' | 'unit'>): { number: string; sign: string } {
  if (value === null) return { number: NONE, sign: '' };
  switch (unit) {
    case 'ratio':
      return { number: (value * 100).toFixed(1), sign: '%' };
    case 's':
      return { number: formatDuration(value), sign: '' };
    case 'score':
      return { number: value.toFixed(1), sign: '' };
    case 'count':
      return { number: String(value), sign: '' };
  }
}

/** The one target all queues have, or null when they differ: then a common figure has none to be held against. */
export function commonTarget(queues: readonly QueueShown[]): { target: number; seconds: number } | null {
  const [first] = queues;
  if (first === undefined) return null;
  const { target, seconds } = first.service_level;
  const same = queues.every(({ service_level: s }) => s.target === target && s.seconds === seconds);
  return same ? { target, seconds } : null;
}

export function queueSeverity({ service_level: { value, target } }: QueueShown): SeverityLevel {
  return value === null ? 'none' : againstTarget(value, target);
}

/** Farthest below its target first; queues without a figure after those with one, the longest wait first. */
export function worstFirst(queues: readonly QueueShown[]): QueueShown[] {
  const missing = ({ service_level: { value, target } }: QueueShown) => (value === null ? -Infinity : target - value);
  return [...queues].sort(
    (a, b) =>
      compare(missing(b), missing(a)) || compare(b.longest_wait_s, a.longest_wait_s) || b.waiting - a.waiting || a.name.localeCompare(b.name),
  );
}

// -Infinity less -Infinity is no number.
function compare(a: number, b: number): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

/** At most one row is tinted: the worst, if it is broken. */
export function tintedQueue(queues: readonly QueueShown[]): string | null {
  const [worst] = worstFirst(queues);
  return worst !== undefined && queueSeverity(worst) === 'bad' ? worst.id : null;
}

/** Who is in a state, longest first. */
export function agentsIn(agents: readonly AgentShownOnFloor[], state: AgentShownOnFloor['state']): AgentShownOnFloor[] {
  return agents.filter((agent) => agent.state === state).sort((a, b) => a.since.localeCompare(b.since));
}

/** The names that more than one of them has. */
export function namedAlike(agents: readonly AgentShownOnFloor[]): ReadonlySet<string> {
  const [seen, twice] = [new Set<string>(), new Set<string>()];
  for (const { name } of agents) (seen.has(name) ? twice : seen).add(name);
  return twice;
}

/** The queue in which somebody has been waiting longest, or null when nobody waits. */
export function longestWaiting(queues: readonly QueueShown[]): string | null {
  const [first] = queues.filter(({ waiting }) => waiting > 0).sort((a, b) => b.longest_wait_s - a.longest_wait_s);
  return first?.name ?? null;
}
