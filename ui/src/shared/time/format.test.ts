import { expect, test } from 'vitest';
import { formatDay, formatDuration, formatMoment, formatShortDay, formatTime, secondsSince, yearsSince } from './format';

test.each([
  [0, '0:00'],
  [59.9, '0:59'],
  [185, '3:05'],
  [3599, '59:59'],
  [3723, '1:02:03'],
  [-42, '\u22120:42'],
  [-0.4, '0:00'],
])('%d s is %s', (seconds, expected) => {
  expect(formatDuration(seconds)).toBe(expected);
});

test('times are in the zone asked for', () => {
  const moment = '2026-01-02T16:30:00Z';
  expect(formatTime(moment, 'zh-CN', 'Asia/Shanghai')).toBe('00:30');
  expect(formatTime(moment, 'en', 'UTC')).toBe('16:30');
  expect(formatShortDay(moment, 'Asia/Shanghai', Date.parse('2026-06-01T00:00:00Z'))).toBe('01-03');
  expect(formatShortDay(moment, 'UTC', Date.parse('2027-06-01T00:00:00Z'))).toBe('2026-01-02');
});

test('today needs no date', () => {
  const now = Date.parse('2026-01-03T01:00:00Z');
  expect(formatMoment('2026-01-02T16:30:00Z', 'zh-CN', 'Asia/Shanghai', now)).toBe('00:30');
  expect(formatMoment('2026-01-02T15:30:00Z', 'zh-CN', 'Asia/Shanghai', now)).toBe('01-02 23:30');
});

test('a day is written as the language writes it', () => {
  expect(formatDay('2026-11-27T16:30:00Z', 'zh-CN', 'Asia/Shanghai')).toBe('11 月 28 日 周六');
  expect(formatDay('2026-11-27T16:30:00Z', 'en', 'Asia/Shanghai')).toBe('Sat, November 28');
});

test('a moment ahead of our clock is no negative wait', () => {
  expect(secondsSince('2026-01-02T00:00:10Z', Date.parse('2026-01-02T00:00:00Z'))).toBe(0);
});

test('years are counted from the day as it is written to the year in the zone asked for', () => {
  const newYearInShanghai = Date.parse('2025-12-31T17:00:00Z');
  expect(yearsSince('2016-01-01', 'Asia/Shanghai', newYearInShanghai)).toBe(10);
  expect(yearsSince('2016-01-01', 'America/New_York', newYearInShanghai)).toBe(9);
});
