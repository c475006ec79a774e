import { expect, test } from 'vitest';
import type { WallShown } from '@/shared/api/generated/types.gen';
import { wallFigures, wallFrom, waitSeverity } from './wall';

const AT = '2026-03-02T01:00:00Z';
const queue = (id: string, more: { waiting?: number; longest?: number; value?: number | null; n?: number; agents?: Record<string, number> }) => ({
  id,
  name: id,
  media: ['voice' as const],
  waiting: more.waiting ?? 0,
  longest_wait_s: more.longest ?? 0, lines: [],
  service_level: { value: more.value ?? null, target: 0.8, seconds: 20, n: more.n ?? 0 },
  asked: 0,
  answered: 0,
  abandoned: 0,
  agents: more.agents ?? {},
});
const wall: WallShown = {
  at: AT,
  name: '客服一中心',
  queues: [
    queue('a', { waiting: 3, longest: 60, value: 0.5, n: 10, agents: { ready: 1, engaged: 1 } }),
    queue('b', { waiting: 1, longest: 90, value: 1, n: 30, agents: { ready: 1, offline: 4 } }),
  ],
  agents: { ready: 1, engaged: 2, offline: 9 },
  figures: [],
};
const now = Date.parse(AT) + 10_000;

test('all queues: shares are weighed, waits go on, people are counted once', () => {
  const shown = wallFigures(wall, [], now);
  expect(shown.level).toEqual({ share: 35 / 40, target: 0.8, seconds: 20 });
  expect([shown.waiting, shown.longestS, shown.ready, shown.online]).toEqual([4, 100, 1, 3]);
  expect(shown.worst.map(({ id }) => id)).toEqual(['a', 'b']);
});

test('a chosen queue is shown with its own people', () => {
  const shown = wallFigures(wall, ['b'], now);
  expect(shown.level?.share).toBe(1);
  expect([shown.waiting, shown.longestS, shown.ready, shown.online]).toEqual([1, 100, 1, 1]);
});

test('nobody waits, nothing is known', () => {
  const quiet = { ...wall, queues: [queue('a', {})] };
  expect(wallFigures(quiet, [], now)).toMatchObject({ waiting: 0, longestS: 0, level: { share: null } });
});

test('an address keeps what it can mean', () => {
  const id = '01a20783-ef0d-7340-8568-c42a3dec804e';
  expect(wallFrom({ queues: `${id},<b>,`, mode: 'pink' })).toEqual({ queues: id });
  expect(wallFrom({ queues: 7, mode: 'light' })).toEqual({ mode: 'light' });
});

test('a wait is measured by what the queue means to answer in', () => {
  expect([waitSeverity(59, 20), waitSeverity(60, 20), waitSeverity(120, 20)]).toEqual(['none', 'warn', 'bad']);
});
