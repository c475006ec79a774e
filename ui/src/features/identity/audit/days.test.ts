import { expect, test } from 'vitest';
import { spanOf, startOfDay } from './days';

test.each([
  ['2026-11-23', 'Asia/Shanghai', '2026-11-22T16:00:00.000Z'],
  ['2026-11-23', 'UTC', '2026-11-23T00:00:00.000Z'],
  // The day on which Berlin's clocks go back, and the one after.
  ['2026-10-25', 'Europe/Berlin', '2026-10-24T22:00:00.000Z'],
  ['2026-10-26', 'Europe/Berlin', '2026-10-25T23:00:00.000Z'],
  ['nonsense', 'UTC', undefined],
  ['2026-13-40', 'UTC', undefined],
])('%s in %s begins at %s', (day, zone, instant) => {
  expect(startOfDay(day, zone)).toBe(instant);
});

test('both days are included', () => {
  expect(spanOf({ from: '2026-11-22', to: '2026-11-23' }, 'Asia/Shanghai')).toEqual({
    since: '2026-11-21T16:00:00.000Z',
    until: '2026-11-23T16:00:00.000Z',
  });
  expect(spanOf({}, 'UTC')).toEqual({ since: undefined, until: undefined });
  expect(spanOf({ to: 'x' }, 'UTC')).toEqual({ since: undefined, until: undefined });
});
