import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { NetworkFailure, Problem } from '@/shared/http/problem';
import { FakeKeptFiles } from '@tests/support/keptFiles';
import { severalTabs } from '@tests/support/tabs';
import { Outbox } from './outbox';
import { PATIENCE_MS } from './trials';

const KEY = 'test.outbox';
interface Sent {
  text: string;
}

let kept: FakeKeptFiles;
/** What is stored, in the order in which it was. */
let server: string[];
/** Every file that was begun. */
let attempts: string[];
/** What becomes of a file that is sent. */
let carry: (blob: Blob, progress: (share: number) => void, signal: AbortSignal) => Promise<void>;
const open: Outbox<Sent>[] = [];

function page() {
  const store = (text: string): Sent => {
    server.push(text);
    return { text };
  };
  const box = new Outbox<Sent>({
    storageKey: KEY,
    files: kept,
    stored: () => undefined,
    send: (_conversation, _clientId, text) => Promise.resolve(store(text)),
    sendFile: async ({ text }, blob, progress, signal) => {
      attempts.push(text);
      await carry(blob, progress, signal);
      return store(text);
    },
  });
  open.push(box);
  box.start();
  return box;
}

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);
const first = (box: Outbox<Sent>) => box.getPending()[0];
const codeOf = (box: Outbox<Sent>) => (first(box)?.error as Problem | null | undefined)?.code;
const idOf = (box: Outbox<Sent>) => first(box)?.clientId ?? '';
const never = () => new Promise<never>(() => undefined);
const called = (signal: AbortSignal) => new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(new DOMException('called off', 'AbortError'))));
const refused = () => Promise.reject(new Problem(422, 'file-type-refused', 'no', { kind: 'exe' }));

beforeEach(() => {
  vi.useFakeTimers();
  kept = new FakeKeptFiles();
  [server, attempts] = [[], []];
  carry = () => Promise.resolve();
});
afterEach(() => {
  open.splice(0).forEach((box) => box.stop());
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
  vi.useRealTimers();
});

/** A file that somebody deletes, or changes, after it was chosen: browsers neither read nor send it then. */
function goneFromDisk() {
  const file = new Blob(['x']);
  vi.spyOn(file, 'slice').mockReturnValue({ arrayBuffer: () => Promise.reject(new DOMException('gone', 'NotReadableError')) } as Blob);
  carry = (blob) => (blob === file ? Promise.reject(new NetworkFailure('no connection')) : Promise.resolve());
  return file;
}

/** A file that could not be sent while a page was there, and that its store has. */
async function keptByAPageThatIsGone() {
  carry = () => Promise.reject(new NetworkFailure('no connection'));
  const before = page();
  before.addFile('c', new Blob(['x']), 'a.png');
  await pass(0);
  before.stop();
}

test('what was kept of a file goes out when it is gone from the disk', async () => {
  const file = goneFromDisk();
  vi.spyOn(kept, 'put').mockImplementation((key) => {
    kept.all.set(key, new Blob(['x']));
    return Promise.resolve();
  });
  const box = page();
  box.addFile('c', file, 'a.png');
  box.add('c', 'the red light');
  await pass(10_000);
  expect(server).toEqual(['a.png', 'the red light']);
});

test('a file that is gone and was not kept says so, and holds up nothing', async () => {
  kept.refuses = true;
  const box = page();
  box.addFile('c', goneFromDisk(), 'a.png');
  box.add('c', 'the red light');
  await pass(10_000);
  expect(server).toEqual(['the red light']);
  expect(codeOf(box)).toBe('file-gone');
});

test('a browser’s store that never answers holds up words no longer than a network that does not', async () => {
  await keptByAPageThatIsGone();
  kept.get = never;
  const after = page();
  after.add('c', 'are you there?');
  await pass(PATIENCE_MS - 5000);
  expect(server).toEqual([]);
  await pass(10_000);
  expect(server).toEqual(['are you there?']);
  expect(codeOf(after)).toBe('file-not-through');
});

test('what is taken back lets the others go, whatever it waits for', async () => {
  carry = () => never();
  const box = page();
  box.addFile('c', new Blob(['x']), 'a.png');
  box.add('c', 'better so');
  await pass(0);
  box.discard(idOf(box));
  await pass(0);
  expect(server).toEqual(['better so']);
});

test('in a tab that is out of sight, whose clock ticks once a minute, a file gives way as soon', async () => {
  const every = globalThis.setInterval;
  vi.spyOn(globalThis, 'setInterval').mockImplementation((act: () => void) => every(act, 60_000));
  carry = (_blob, _progress, signal) => called(signal);
  const box = page();
  box.addFile('c', new Blob(['x']), 'film.mp4');
  box.add('c', 'are you there?');
  await pass(PATIENCE_MS - 1000);
  expect(server).toEqual([]);
  await pass(60_000);
  expect(server).toEqual(['are you there?']);
});

test('the hours for which a computer sleeps are no trying', async () => {
  carry = (_blob, _progress, signal) => called(signal);
  const box = page();
  box.addFile('c', new Blob(['x']), 'film.mp4');
  box.add('c', 'are you there?');
  await pass(1000);
  vi.setSystemTime(Date.now() + 8 * 3_600_000);
  await pass(PATIENCE_MS / 2);
  expect(server).toEqual([]);
});

test('a line that is cut as soon as bytes come wears patience as one that carries none does', async () => {
  carry = (_blob, progress) => {
    progress(0.1);
    return Promise.reject(new NetworkFailure('no connection'));
  };
  const box = page();
  box.addFile('c', new Blob(['x']), 'film.mp4');
  box.add('c', 'are you there?');
  await pass(PATIENCE_MS / 2);
  expect(server).toEqual([]);
  await pass(PATIENCE_MS);
  expect(server).toEqual(['are you there?']);
});

test('a file that was refused is not sent anew with each page that opens, and goes when somebody says so', async () => {
  carry = refused;
  const before = page();
  before.addFile('c', new Blob(['x']), 'a.exe');
  await pass(0);
  before.stop();
  const after = page();
  await pass(60_000);
  expect(attempts).toEqual(['a.exe']);
  expect(first(after)).toMatchObject({ state: 'failed', error: { status: 422, code: 'file-type-refused', params: { kind: 'exe' } } });
  carry = () => Promise.reject(new Problem(503, 'files-unavailable', 'later'));
  after.retry(idOf(after));
  await pass(0);
  after.stop();
  carry = () => Promise.resolve();
  expect(page().getPending()).toMatchObject([{ text: 'a.exe', state: 'sending', error: null }]);
  await pass(0);
  expect(server).toEqual(['a.exe']);
});

test('what one tab was refused, the others know, and do not try', async () => {
  severalTabs({ locks: true });
  carry = refused;
  const [one, other] = [page(), page()];
  one.addFile('c', new Blob(['x']), 'a.exe');
  one.add('c', 'never mind');
  await pass(10_000);
  expect(attempts).toEqual(['a.exe']);
  expect(server).toEqual(['never mind']);
  for (const box of [one, other]) expect([first(box)?.state, codeOf(box)]).toEqual(['failed', 'file-type-refused']);
  carry = () => Promise.resolve();
  other.retry(idOf(other));
  await pass(10_000);
  expect(server).toEqual(['never mind', 'a.exe']);
  for (const box of [one, other]) expect(box.getPending()).toEqual([]);
});

test('of a file that was refused nothing is written down again once all was taken away', async () => {
  let answer = () => {};
  carry = () => new Promise((_, reject) => (answer = () => reject(new Problem(422, 'file-type-refused', 'no'))));
  const box = page();
  box.addFile('c', new Blob(['x']), 'a.exe');
  await pass(0);
  box.stop();
  localStorage.clear();
  answer();
  await pass(0);
  expect(Object.keys(localStorage)).toEqual([]);
});

test('a file that its store gives after the page has stopped is not sent: somebody else may be signed in', async () => {
  await keptByAPageThatIsGone();
  let give = () => {};
  kept.get = () => new Promise((resolve) => (give = () => resolve(new Blob(['x']))));
  const after = page();
  await pass(0);
  after.stop();
  give();
  await pass(10_000);
  expect(attempts).toEqual(['a.png']);
});

test('a tab that sleeps while it has the turn holds up no other for ever', async () => {
  severalTabs({ locks: true });
  void navigator.locks.request(`${KEY}.c`, {}, never);
  const box = page();
  box.add('c', 'one');
  await pass(PATIENCE_MS);
  expect(server).toEqual([]);
  await pass(120_000);
  expect(server).toEqual(['one']);
  box.add('c', 'two');
  await pass(0);
  expect(server).toEqual(['one', 'two']);
});

test('a long file of another tab is not taken from it while nobody waits for more', async () => {
  severalTabs({ locks: true });
  carry = (_blob, progress) => {
    setInterval(() => progress(0.1), 10_000);
    return never();
  };
  const [one, other] = [page(), page()];
  one.addFile('c', new Blob(['x']), 'film.mp4');
  await pass(10 * PATIENCE_MS);
  expect(attempts).toEqual(['film.mp4']);
  expect(first(other)?.state).toBe('sending');
});
