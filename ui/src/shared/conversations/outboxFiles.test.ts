import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Problem } from '@/shared/http/problem';
import { FakeKeptFiles } from '@tests/support/keptFiles';
import { SlowNetwork } from '@tests/support/slowNetwork';
import { severalTabs } from '@tests/support/tabs';
import { MAX_FILE_BYTES } from './attachments';
import { Outbox } from './outbox';
import { PATIENCE_MS } from './trials';

const KEY = 'test.outbox';
const TEXT_BYTES = 200;
interface Sent {
  clientId: string;
  text: string;
}

let network: SlowNetwork;
let kept: FakeKeptFiles;
/** What is stored, once for each client id, in the order in which it was. */
let server: Sent[];
/** Every request that was begun. */
let attempts: string[];
/** What the server says of a file in place of storing it. */
let refuse: Problem | null;
const open: Outbox<Sent>[] = [];

function store(message: Sent): Sent {
  if (!server.some(({ clientId }) => clientId === message.clientId)) server.push(message);
  return message;
}

function page() {
  const box = new Outbox<Sent>({
    storageKey: KEY,
    files: kept,
    stored: () => undefined,
    send: async (_conversation, clientId, text) => {
      attempts.push(text);
      await network.carry(TEXT_BYTES);
      return store({ clientId, text });
    },
    sendFile: async ({ clientId, text }, blob, progress, signal) => {
      attempts.push(text);
      await network.carry(blob.size, signal, progress);
      if (refuse !== null) throw refuse;
      return store({ clientId, text });
    },
  });
  open.push(box);
  box.start();
  return box;
}

const sized = (bytes: number) => new Blob(['x'.repeat(bytes)]);
const stored = () => server.map(({ text }) => text);
const left = (box: Outbox<Sent>) => box.getPending().map(({ text, state }) => [text, state]);
const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);
const codeOf = (box: Outbox<Sent>) => (box.getPending()[0]?.error as Problem | undefined)?.code;

beforeEach(() => {
  vi.useFakeTimers();
  network = new SlowNetwork(10_000);
  kept = new FakeKeptFiles();
  [server, attempts, refuse] = [[], [], null];
});
afterEach(() => {
  open.splice(0).forEach((box) => box.stop());
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

test('a picture overtakes no words, and no words overtake a picture, however slow the network', async () => {
  const box = page();
  box.addFile('another', sized(500_000), 'holds up no other.mp4');
  box.add('c', 'look at this');
  box.addFile('c', sized(50_000), 'router.png');
  box.add('c', 'the red light');
  box.addFile('c', sized(500), 'small.png');
  box.add('c', 'what now?');
  await pass(3000);
  expect(stored()).toEqual(['look at this']);
  const upload = box.getPending()[1];
  expect(upload).toMatchObject({ text: 'router.png', state: 'sending' });
  expect(upload?.progress).toBeGreaterThan(0.4);
  await pass(10_000);
  expect(stored()).toEqual(['look at this', 'router.png', 'the red light', 'small.png', 'what now?']);
  expect(attempts).toHaveLength(6);
  expect(left(box)).toEqual([['holds up no other.mp4', 'sending']]);
  expect(kept.all.size).toBe(1);
});

test('through cuts in the middle all of it comes once and in order, under the same client ids', async () => {
  const box = page();
  box.add('c', 'one');
  box.addFile('c', sized(40_000), 'a.png');
  box.add('c', 'two');
  box.addFile('c', sized(40_000), 'b.png', 4200);
  box.add('c', 'three');
  const said = box.getPending().map(({ clientId }) => clientId);
  // A tunnel of a second every three: the next try comes when the network has been back for a moment.
  for (let at = 0; at < 4; at += 1) {
    await pass(2000);
    network.down = true;
    await pass(1000);
    network.down = false;
  }
  await pass(60_000);
  expect(attempts.length).toBeGreaterThan(5);
  expect(server.map(({ clientId }) => clientId)).toEqual(said);
});

test('a file that is refused says so at once and lets the others go on; it is sent again when somebody says so', async () => {
  const box = page();
  refuse = new Problem(422, 'file-type-refused', 'no');
  box.addFile('c', sized(500), 'a.exe');
  box.add('c', 'never mind');
  await pass(1000);
  expect(stored()).toEqual(['never mind']);
  expect(left(box)).toEqual([['a.exe', 'failed']]);
  refuse = null;
  box.retry(box.getPending()[0]?.clientId ?? '');
  await pass(1000);
  expect(stored()).toEqual(['never mind', 'a.exe']);
});

test('a file that does not get through gives way to what was said after it, and says so', async () => {
  const box = page();
  network.bytesPerSecond = 100;
  box.addFile('c', sized(1_000_000), 'film.mp4');
  box.add('c', 'are you there?');
  await pass(PATIENCE_MS - 1000);
  expect(stored()).toEqual([]);
  await pass(10_000);
  expect(stored()).toEqual(['are you there?']);
  expect(left(box)).toEqual([['film.mp4', 'failed']]);
  expect(codeOf(box)).toBe('file-not-through');
  network.bytesPerSecond = 1_000_000;
  box.retry(box.getPending()[0]?.clientId ?? '');
  await pass(5000);
  expect(stored()).toEqual(['are you there?', 'film.mp4']);
});

test('a server that takes no files now holds up words no longer', async () => {
  const box = page();
  refuse = new Problem(503, 'files-unavailable', 'later');
  box.addFile('c', sized(500), 'a.png');
  box.add('c', 'hello');
  await pass(PATIENCE_MS / 2);
  expect(stored()).toEqual([]);
  await pass(PATIENCE_MS);
  expect(stored()).toEqual(['hello']);
  expect(codeOf(box)).toBe('file-not-through');
});

test('a file with nothing behind it is tried for as long as it takes, and a network that is gone wears nobody’s patience', async () => {
  const box = page();
  network.bytesPerSecond = 1000;
  box.addFile('c', sized(300_000), 'long.png');
  await pass(290_000);
  box.add('c', 'done soon');
  await pass(20_000);
  expect(stored()).toEqual(['long.png', 'done soon']);
  network.down = true;
  box.addFile('c', sized(500), 'a.png');
  box.add('c', 'in a tunnel');
  await pass(10 * PATIENCE_MS);
  expect(left(box)).toEqual([['a.png', 'waiting'], ['in a tunnel', 'sending']]);
  network.down = false;
  box.flush();
  await pass(10_000);
  expect(stored()).toEqual(['long.png', 'done soon', 'a.png', 'in a tunnel']);
});

test('a reload loses no file, and keeps its place', async () => {
  const before = page();
  network.down = true;
  before.add('c', 'one');
  before.addFile('c', sized(500), 'a.png', 4200);
  before.add('c', 'two');
  await pass(1000);
  const ids = before.getPending().map(({ clientId }) => clientId);
  before.stop();
  network.down = false;
  const after = page();
  expect(after.getPending()).toMatchObject([{ text: 'one' }, { text: 'a.png', file: { size: 500, durationMs: 4200 } }, { text: 'two' }]);
  await pass(5000);
  expect(server.map(({ clientId }) => clientId)).toEqual(ids);
  expect(kept.all.size).toBe(0);
});

test('a tab sends what another one left, in order', async () => {
  severalTabs({ locks: true });
  network.down = true;
  const [closing, staying] = [page(), page()];
  closing.addFile('c', sized(500), 'a.png');
  staying.add('c', 'two');
  await pass(1000);
  closing.stop();
  network.down = false;
  await pass(10_000);
  expect(stored()).toEqual(['a.png', 'two']);
  expect(left(staying)).toEqual([]);
});

test('a file whose bytes the page could not keep is failed after a reload, and holds up nothing', async () => {
  const before = page();
  network.down = true;
  before.addFile('c', sized(500), 'a.png');
  before.add('c', 'two');
  await pass(20_000);
  before.stop();
  kept.all.clear();
  network.down = false;
  const after = page();
  await pass(5000);
  expect(stored()).toEqual(['two']);
  expect(codeOf(after)).toBe('file-gone');
  after.discard(after.getPending()[0]?.clientId ?? '');
  expect(page().getPending()).toEqual([]);
});

test('a page asks before it is closed with a file that only it has', async () => {
  const leave = () => {
    const event = new Event('beforeunload', { cancelable: true });
    window.dispatchEvent(event);
    return event.defaultPrevented;
  };
  network.down = true;
  const box = page();
  box.addFile('c', sized(500), 'kept.png');
  await pass(0);
  expect(leave()).toBe(false);
  kept.refuses = true;
  box.addFile('c', sized(500), 'only here.png');
  await pass(0);
  expect(leave()).toBe(true);
  expect(page().getPending().map(({ text }) => text)).toEqual(['kept.png']);
  network.down = false;
  await pass(10_000);
  expect(stored()).toEqual(['kept.png', 'only here.png']);
  expect(leave()).toBe(false);
});

test('what is taken back is stopped where it is, and what was said after it goes out', async () => {
  const box = page();
  box.addFile('c', sized(100_000), 'long.png');
  box.add('c', 'better so');
  await pass(1000);
  box.discard(box.getPending()[0]?.clientId ?? '');
  await pass(1000);
  expect(stored()).toEqual(['better so']);
  expect(attempts).toEqual(['long.png', 'better so']);
  expect(kept.all.size).toBe(0);
});

test('what the server would refuse anyway is not sent', async () => {
  const box = page();
  box.addFile('c', new Blob([]), 'empty.png');
  box.addFile('c', { size: MAX_FILE_BYTES + 1 } as Blob, 'film.mp4');
  box.flush();
  box.retry(box.getPending()[0]?.clientId ?? '');
  await pass(10_000);
  expect(attempts).toEqual([]);
  expect(box.getPending().map(({ error }) => (error as Problem).code)).toEqual(['file-empty', 'file-too-large']);
});

test('files that nobody can name any more are swept away at the start', async () => {
  await kept.put(`${KEY}.gone`, sized(10));
  await kept.put('another.box', sized(10));
  page();
  await pass(0);
  expect([...kept.all.keys()]).toEqual(['another.box']);
});
