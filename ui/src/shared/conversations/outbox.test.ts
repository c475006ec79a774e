import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { NetworkFailure, Problem } from '@/shared/http/problem';
import { severalTabs } from '@tests/support/tabs';
import { Outbox } from './outbox';

const KEY = 'test.outbox';
type Sent = { clientId: string; text: string };
let server: Sent[];
/** Every request that reached the server, also those of a message it had already. */
let requests: string[];
const open: Outbox<Sent>[] = [];
let answer: () => Promise<void>;

function outbox() {
  const box = new Outbox<Sent>({
    storageKey: KEY,
    stored: (message) => {
      if (!server.some((m) => m.clientId === message.clientId)) server.push(message);
    },
    send: async (_conversation, clientId, text) => {
      await answer();
      requests.push(text);
      return { clientId, text };
    },
    sendFile: () => Promise.reject(new Error('none is sent')),
  });
  open.push(box);
  return box;
}

/** One that lives in a tab of its own. */
function tab() {
  const box = outbox();
  box.start();
  return box;
}

beforeEach(() => {
  vi.useFakeTimers();
  server = [];
  requests = [];
  answer = () => Promise.resolve();
});
afterEach(() => {
  open.splice(0).forEach((box) => box.stop());
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

const settle = () => vi.advanceTimersByTimeAsync(0);

test('sends in order, one at a time', async () => {
  const box = outbox();
  let inFlight = 0;
  answer = async () => {
    inFlight += 1;
    expect(inFlight).toBe(1);
    await new Promise((resolve) => setTimeout(resolve, 10));
    inFlight -= 1;
  };
  box.add('c', 'one');
  box.add('c', 'two');
  expect(box.getPending().map((p) => p.state)).toEqual(['sending', 'sending']);
  await vi.advanceTimersByTimeAsync(50);
  expect(server.map((m) => m.text)).toEqual(['one', 'two']);
  expect(box.getPending()).toEqual([]);
});

test('waits while the network is down, keeps the order and the client id, and goes out when it is back', async () => {
  const box = outbox();
  answer = () => Promise.reject(new NetworkFailure('no connection'));
  box.add('c', 'one');
  box.add('c', 'two');
  await settle();
  expect(box.getPending().map((p) => p.state)).toEqual(['waiting', 'sending']);
  const ids = box.getPending().map((p) => p.clientId);
  answer = () => Promise.resolve();
  box.flush();
  await settle();
  expect(server.map((m) => m.clientId)).toEqual(ids);
});

test('goes out by itself after a while', async () => {
  const box = outbox();
  answer = () => Promise.reject(new Problem(503, 'unavailable', ''));
  box.add('c', 'one');
  await settle();
  answer = () => Promise.resolve();
  await vi.advanceTimersByTimeAsync(3000);
  expect(server.map((m) => m.text)).toEqual(['one']);
});

test('a refused message stays for a person to decide; the others go on', async () => {
  const box = outbox();
  let first = true;
  answer = () => {
    const refuse = first;
    first = false;
    return refuse ? Promise.reject(new Problem(422, 'text-too-long', '')) : Promise.resolve();
  };
  box.add('c', 'one');
  box.add('c', 'two');
  await settle();
  expect(server.map((m) => m.text)).toEqual(['two']);
  const [failed] = box.getPending();
  expect(failed?.state).toBe('failed');
  box.retry(failed?.clientId ?? '');
  await settle();
  expect(server.map((m) => m.text)).toEqual(['two', 'one']);
});

test('survives a reload', async () => {
  answer = () => Promise.reject(new NetworkFailure('no connection'));
  outbox().add('c', 'one');
  await settle();
  const [before] = outbox().getPending();
  answer = () => Promise.resolve();
  const reopened = outbox();
  expect(reopened.getPending()).toMatchObject([{ text: 'one', state: 'waiting' }]);
  reopened.flush();
  await settle();
  expect(server).toEqual([{ clientId: before?.clientId, text: 'one' }]);
});

test.each(['{', '7', 'null', '{"text": 1}', '{"clientId": "x", "conversationId": "c", "text": "t", "at": "noon"}'])('what it cannot read is no message: %s', (raw) => {
  localStorage.setItem(`${KEY}.x`, raw);
  expect(outbox().getPending()).toEqual([]);
});

test('a message confirmed by realtime leaves before its answer', async () => {
  const box = outbox();
  answer = () => new Promise(() => undefined);
  box.add('c', 'one');
  await settle();
  box.confirm(box.getPending()[0]?.clientId ?? null);
  expect(box.getPending()).toEqual([]);
});

const texts = (box: Outbox<Sent>) => box.getPending().map((entry) => entry.text);
const offline = () => Promise.reject(new NetworkFailure('no connection'));

test('what two tabs write without a network is kept, and goes out once and in order', async () => {
  severalTabs({ locks: true });
  answer = offline;
  const [first, second] = [tab(), tab()];
  first.add('c', 'one');
  second.add('c', 'two');
  first.add('c', 'three');
  await settle();
  for (const box of [first, second, outbox()]) expect(texts(box)).toEqual(['one', 'two', 'three']);
  answer = () => new Promise((resolve) => setTimeout(resolve, 10));
  [first, second].forEach((box) => box.flush());
  await vi.advanceTimersByTimeAsync(100);
  expect(requests).toEqual(['one', 'two', 'three']);
  for (const box of [first, second, outbox()]) expect(texts(box)).toEqual([]);
});

test('what a tab had not sent when it was closed is sent by another one', async () => {
  severalTabs({ locks: true });
  answer = offline;
  const [closing, staying] = [tab(), tab()];
  closing.add('c', 'one');
  await settle();
  closing.stop();
  answer = () => Promise.resolve();
  await vi.advanceTimersByTimeAsync(3000);
  expect(requests).toEqual(['one']);
  expect(texts(staying)).toEqual([]);
});

test('without locks a message may be sent twice, but is lost in no tab and stored once', async () => {
  severalTabs({ locks: false });
  const [first, second] = [tab(), tab()];
  first.add('c', 'one');
  second.add('c', 'two');
  await settle();
  expect(server.map((m) => m.text).sort()).toEqual(['one', 'two']);
  for (const box of [first, second]) expect(texts(box)).toEqual([]);
});

test('storage that somebody else’s page empties takes nothing that was written', async () => {
  severalTabs({ locks: true });
  answer = offline;
  const box = tab();
  box.add('c', 'one');
  await settle();
  localStorage.clear();
  window.dispatchEvent(new StorageEvent('storage', { key: null }));
  answer = () => Promise.resolve();
  box.flush();
  await settle();
  expect(requests).toEqual(['one']);
});

test('what is written just as the last message was sent goes out, too', async () => {
  severalTabs({ locks: true });
  const box = tab();
  box.add('c', 'one');
  box.subscribe(() => {
    if (box.getPending().length === 0 && requests.length < 3) queueMicrotask(() => box.add('c', 'more'));
  });
  await settle();
  expect(requests).toEqual(['one', 'more', 'more']);
});

test('once stopped it sends nothing, and goes on when it is started again', async () => {
  answer = offline;
  const box = tab();
  box.add('c', 'one');
  await settle();
  box.stop();
  answer = () => Promise.resolve();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(requests).toEqual([]);
  box.start();
  await settle();
  expect(requests).toEqual(['one']);
});
