import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { NetworkFailure, Problem } from '@/shared/http/problem';
import { FakeKeptFiles } from '@tests/support/keptFiles';
import { Outbox } from './outbox';
import { GOES_OUT_MS } from './pending';
import { PATIENCE_MS } from './trials';

const KEY = 'test.outbox';
let server: string[];
/** When each try began, in seconds from the beginning. */
let tries: number[];
let began: number;
let carry: () => Promise<void>;
const open: Outbox<string>[] = [];

function page() {
  const send = async (text: string) => {
    tries.push((Date.now() - began) / 1000);
    await carry();
    server.push(text);
    return text;
  };
  const box = new Outbox<string>({
    storageKey: KEY,
    files: new FakeKeptFiles(),
    stored: () => undefined,
    send: (_conversation, _clientId, text) => send(text),
    sendFile: ({ text }) => send(text),
  });
  open.push(box);
  box.start();
  return box;
}

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);
const never = () => new Promise<never>(() => undefined);
const offline = () => Promise.reject(new NetworkFailure('no connection'));
const pauses = () => tries.slice(1).map((at, index) => at - (tries[index] ?? 0));

beforeEach(() => {
  vi.useFakeTimers();
  [server, tries, began] = [[], [], Date.now()];
  carry = () => Promise.resolve();
});
afterEach(() => {
  open.splice(0).forEach((box) => box.stop());
  vi.restoreAllMocks();
  vi.useRealTimers();
});

test('a file with nothing behind it is tried again after pauses that grow, each shorter by chance, and at once when the network is back', async () => {
  const chance = vi.spyOn(Math, 'random').mockReturnValue(1);
  carry = offline;
  const box = page();
  box.addFile('c', new Blob(['x']), 'a.png');
  await pass(10 * 60_000);
  expect(pauses().slice(0, 8)).toEqual([3, 6, 12, 24, 48, 60, 60, 60]);
  chance.mockReturnValue(0);
  tries = [];
  await pass(10 * 60_000);
  expect(pauses().slice(1, 4)).toEqual([30, 30, 30]);
  carry = () => Promise.resolve();
  await pass(1000);
  expect(server).toEqual([]);
  window.dispatchEvent(new Event('online'));
  await pass(0);
  expect(server).toEqual(['a.png']);
});

test('what a server asks to wait is waited, whatever else calls', async () => {
  carry = () => Promise.reject(new Problem(503, 'overloaded', 'later', {}, null, 90_000));
  const box = page();
  box.addFile('c', new Blob(['x']), 'a.png');
  await pass(1000);
  carry = () => Promise.resolve();
  window.dispatchEvent(new Event('online'));
  box.flush();
  await pass(88_000);
  expect(tries).toHaveLength(1);
  await pass(4000);
  expect(server).toEqual(['a.png']);
});

test('a server that asks for longer than a file is waited for lets the words behind it go', async () => {
  let asked = false;
  carry = () => {
    if (asked) return Promise.resolve();
    asked = true;
    return Promise.reject(new Problem(503, 'files-unavailable', 'later', {}, null, 2 * PATIENCE_MS));
  };
  const box = page();
  box.addFile('c', new Blob(['x']), 'a.png');
  box.add('c', 'hello');
  await pass(1000);
  expect(server).toEqual(['hello']);
});

test('a try that hangs comes to its end, and is made again', async () => {
  carry = never;
  const box = page();
  box.addFile('c', new Blob(['x']), 'a.png');
  await pass(59_000);
  expect(tries).toHaveLength(1);
  await pass(10_000);
  expect(tries).toHaveLength(2);
  carry = () => Promise.resolve();
  await pass(80_000);
  expect(server).toEqual(['a.png']);
});

test('a network that swallowed a file for longer than others would have waited lets what is said then go at once', async () => {
  carry = never;
  const box = page();
  box.addFile('c', new Blob(['x']), 'a.png');
  await pass(2 * PATIENCE_MS);
  expect(box.getPending()[0]?.state).not.toBe('failed');
  carry = () => Promise.resolve();
  box.add('c', 'are you there?');
  await pass(2000);
  expect(server).toContain('are you there?');
});

test('what waited for half a day does not go out by itself, and says so; it is said anew when somebody wants it', async () => {
  carry = offline;
  const before = page();
  before.add('c', 'old');
  before.addFile('c', new Blob(['x']), 'old.png');
  await pass(GOES_OUT_MS - 60_000);
  before.add('c', 'new');
  await pass(62_000);
  before.stop();
  carry = () => Promise.resolve();
  const after = page();
  await pass(5000);
  expect(server).toEqual(['new']);
  expect(after.getPending().map(({ text, state, error }) => [text, state, (error as Problem).code])).toEqual([
    ['old', 'failed', 'message-expired'],
    ['old.png', 'failed', 'message-expired'],
  ]);
  after.retry(after.getPending()[0]?.clientId ?? '');
  await pass(0);
  expect(server).toEqual(['new', 'old']);
  after.discard(after.getPending()[0]?.clientId ?? '');
  expect(page().getPending()).toEqual([]);
});

test('a page asks to stay only while a file would be lost with it', async () => {
  const added = vi.spyOn(window, 'addEventListener');
  const removed = vi.spyOn(window, 'removeEventListener');
  const asked = (spy: typeof added | typeof removed) => spy.mock.calls.filter(([name]) => name === 'beforeunload').length;
  carry = offline;
  const box = page();
  box.add('c', 'words are kept');
  await pass(0);
  expect(asked(added)).toBe(0);
  box.addFile('c', new Blob(['x']), 'being kept.png');
  expect(asked(added)).toBe(1);
  await pass(0);
  expect(asked(removed)).toBe(1);
});
