import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { NetworkFailure, Problem } from '@/shared/http/problem';
import { Outbox } from './outbox';

const KEY = 'test.outbox';
type Sent = { clientId: string; text: string };
let server: Sent[];
let answer: () => Promise<void>;

function outbox() {
  return new Outbox<Sent>({
    storageKey: KEY,
    stored: (message) => {
      if (!server.some((m) => m.clientId === message.clientId)) server.push(message);
    },
    send: async (_conversation, clientId, text) => {
      await answer();
      return { clientId, text };
    },
  });
}

beforeEach(() => {
  vi.useFakeTimers();
  server = [];
  answer = () => Promise.resolve();
});
afterEach(() => {
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

test.each(['{', '7', '[null, 3, {"text": 1}]'])('what it cannot read is no message: %s', (raw) => {
  localStorage.setItem(KEY, raw);
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
