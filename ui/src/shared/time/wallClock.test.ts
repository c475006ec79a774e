import { expect, test } from 'vitest';
import { fromWallClock, toWallClock } from './wallClock';

test.each([
  ['Asia/Shanghai', '2026-11-24T09:00', '2026-11-24T01:00:00.000Z'],
  ['America/New_York', '2026-11-01T00:30', '2026-11-01T04:30:00.000Z'],
  ['America/New_York', '2026-11-01T03:30', '2026-11-01T08:30:00.000Z'],
  ['Europe/Berlin', '2026-03-29T03:00', '2026-03-29T01:00:00.000Z'],
])('in %s %s is %s, and the other way round', (zone, typed, moment) => {
  expect(new Date(fromWallClock(typed, zone)).toISOString()).toBe(moment);
  expect(toWallClock(Date.parse(moment), zone)).toBe(typed);
});

test('what is no time is none', () => {
  expect(fromWallClock('', 'UTC')).toBeNaN();
  expect(fromWallClock('2026-99-01T00:00', 'UTC')).toBeNaN();
});
