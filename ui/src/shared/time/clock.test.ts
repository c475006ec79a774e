import { beforeEach, expect, test, vi } from 'vitest';

const NOON = Date.parse('2026-01-02T12:00:00Z');
const header = (ms: number) => new Date(NOON + ms).toUTCString();

/** The module anew: it remembers what it has seen. */
async function clock() {
  vi.resetModules();
  return import('./clock');
}

beforeEach(() => {
  vi.spyOn(Date, 'now').mockReturnValue(NOON);
});

test('a browser whose clock is wrong is put right, also when it is put right itself', async () => {
  const { observeServerTime, serverNow } = await clock();
  observeServerTime(header(90_000), NOON, NOON + 20);
  expect(Math.abs(serverNow() - (NOON + 90_000))).toBeLessThan(1000);
  observeServerTime(header(0), NOON, NOON + 20);
  expect(serverNow()).toBe(NOON);
});

test.each([0, 4000, 8000])('an answer that takes eight seconds moves no clock, whenever the server wrote it: %i ms', async (written) => {
  const { observeServerTime, serverNow } = await clock();
  observeServerTime(header(written), NOON, NOON + 8000);
  expect(serverNow()).toBe(NOON);
});

test('parts of a second are left alone, and so is what is no time', async () => {
  const { observeServerTime, serverNow } = await clock();
  observeServerTime(header(1000), NOON, NOON + 20);
  observeServerTime('tomorrow', NOON, NOON);
  observeServerTime(null, NOON, NOON);
  expect(serverNow()).toBe(NOON);
});
