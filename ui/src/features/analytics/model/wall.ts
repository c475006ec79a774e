import { againstTarget, type SeverityLevel } from '@/design/Severity';
import type { QueueShown, WallShown } from '@/shared/api/generated/types.gen';
import { secondsSince } from '@/shared/time/format';
import { commonTarget, worstFirst } from './figures';

/** What a wall shows; it stands in the address, so that a screen shows the same after it was switched off. */
export interface WallChoice {
  queues: readonly string[];
  mode: 'dark' | 'light';
}

const MOST_QUEUES = 80;

/** What an address says; no queues means all. */
export function wallFrom(raw: Record<string, unknown>): { queues?: string; mode?: 'light' } {
  const queues = typeof raw.queues === 'string' ? raw.queues.split(',').filter((id) => /^[\da-f-]{36}$/.test(id)) : [];
  return {
    ...(queues.length > 0 ? { queues: queues.slice(0, MOST_QUEUES).join(',') } : {}),
    ...(raw.mode === 'light' ? { mode: 'light' as const } : {}),
  };
}

/** Older figures than this are called so: the server tells them at least twice a minute. */
export const STALE_S = 75;

export interface WallFigures {
  level: { share: number | null; target: number; seconds: number } | null;
  waiting: number;
  longestS: number;
  ready: number;
  online: number;
  worst: QueueShown[];
}

const TILES = 4;

/** The few numbers: of the chosen queues, or of all. People are counted once, so of the whole centre, or of one queue. */
export function wallFigures(wall: WallShown, chosen: readonly string[], now: number): WallFigures {
  const queues = chosen.length === 0 ? wall.queues : wall.queues.filter(({ id }) => chosen.includes(id));
  const [only] = queues;
  const people = queues.length === 1 && only !== undefined ? only.agents : wall.agents;
  const sum = (of: (queue: QueueShown) => number) => queues.reduce((all, queue) => all + of(queue), 0);
  const n = sum(({ service_level: { n: asked } }) => asked);
  const inTime = sum(({ service_level: { value, n: asked } }) => (value ?? 0) * asked);
  const target = commonTarget(queues);
  const age = secondsSince(wall.at, now);
  const waits = queues.filter(({ waiting }) => waiting > 0);
  return {
    level: target === null ? null : { ...target, share: n === 0 ? null : inTime / n },
    waiting: sum(({ waiting }) => waiting),
    longestS: waits.length === 0 ? 0 : Math.max(...waits.map(({ longest_wait_s }) => longest_wait_s)) + age,
    ready: people.ready ?? 0,
    online: Object.entries(people).reduce((all, [state, count]) => (state === 'offline' ? all : all + count), 0),
    worst: worstFirst(queues).slice(0, TILES),
  };
}

export const levelSeverity = ({ share, target }: { share: number | null; target: number }): SeverityLevel =>
  share === null ? 'none' : againstTarget(share, target);

/** Nobody should wait longer than six times what the queues mean to answer in; half of that is a warning. */
export function waitSeverity(longestS: number, seconds: number): SeverityLevel {
  if (longestS >= 6 * seconds) return 'bad';
  return longestS >= 3 * seconds ? 'warn' : 'none';
}
