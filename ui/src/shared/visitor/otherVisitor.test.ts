import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { severalTabs } from '@tests/support/tabs';
import { VisitorServer, VisitorSocket } from '@tests/support/visitor';
import { VisitorChat } from './visitorChat';

/** One computer, and people who come after each other: what one of them left unsent never goes out under another. */

const NOBODY = { name: null, msisdn: null };
let server: VisitorServer;
let chats: VisitorChat[];
const settle = (ms = 0) => vi.advanceTimersByTimeAsync(ms);

function open() {
  const chat = new VisitorChat({ tenant: 'demo', openSocket: () => new VisitorSocket() as unknown as WebSocket });
  chat.start();
  chats.push(chat);
  return chat;
}

const left = () => Object.keys(localStorage).filter((key) => key.startsWith('careline.visitor.outbox.'));
const said = () => server.messages.map(({ text }) => text);
const pending = (chat: VisitorChat) => chat.getView().pending.map(({ text }) => text);

beforeEach(() => {
  vi.useFakeTimers();
  server = new VisitorServer();
  chats = [];
  vi.stubGlobal('fetch', server.handle);
});

afterEach(() => {
  chats.forEach((chat) => chat.stop());
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
  vi.useRealTimers();
});

/** Somebody enters, writes without a network, and goes. */
async function leaveUnsent() {
  const chat = open();
  await chat.enter(NOBODY);
  server.lose = 'requests';
  chat.say('my secret');
  await settle();
  expect(pending(chat)).toEqual(['my secret']);
  chat.stop();
  server.lose = 'nothing';
}

test('what one visitor left is not sent for the next, who reads only that something was taken away', async () => {
  await leaveUnsent();
  server.expired.add('t1');
  const next = open();
  await settle();
  await next.enter(NOBODY);
  next.say('hello');
  await settle(180_000);
  expect(said()).toEqual(['hello']);
  expect(pending(next)).toEqual([]);
  expect(next.getView().forgotten).toBe(1);
  expect(left()).toEqual([]);
  next.hideForgotten();
  expect(next.getView().forgotten).toBe(0);
});

test('the same visitor who comes back sends it', async () => {
  await leaveUnsent();
  const back = open();
  await settle();
  expect(said()).toEqual(['my secret']);
  expect(back.getView().forgotten).toBe(0);
});

test('on a page that stays open nothing that waited longer than a moment goes out under a new token', async () => {
  const chat = open();
  await chat.enter(NOBODY);
  server.lose = 'requests';
  chat.say('my secret');
  await settle(3 * 60_000);
  server.expired.add('t1');
  server.lose = 'nothing';
  chat.say('hello');
  await settle(120_000);
  expect(said()).toEqual(['hello']);
  expect(chat.getView().forgotten).toBe(1);
});

test('what was written before anybody was known is sent by its own tab only', async () => {
  server.lose = 'requests';
  const first = open();
  first.say('my secret');
  await settle();
  first.stop();
  server.lose = 'nothing';
  // A tab of somebody else: the name of this one is another.
  sessionStorage.clear();
  const next = open();
  expect(pending(next)).toEqual([]);
  await next.enter(NOBODY);
  next.say('hello');
  await settle(60_000);
  expect(said()).toEqual(['hello']);
  await settle(13 * 3_600_000);
  expect(next.getView().forgotten).toBe(1);
  expect(left()).toEqual([]);
});

test('what was written before anybody was known survives a reload of its tab', async () => {
  server.lose = 'requests';
  const first = open();
  first.say('one');
  await settle();
  first.stop();
  server.lose = 'nothing';
  const reloaded = open();
  await settle();
  expect(said()).toEqual(['one']);
  expect(reloaded.getView()).toMatchObject({ pending: [], forgotten: 0 });
});

test('two tabs keep to who is known by then', async () => {
  severalTabs({ locks: true });
  const [first, second] = [open(), open()];
  await first.enter(NOBODY);
  await settle();
  server.lose = 'requests';
  first.say('my secret');
  await settle(3 * 60_000);
  expect(pending(second)).toEqual(['my secret']);
  server.lose = 'nothing';
  server.expired.add('t1');
  second.say('hello');
  await settle(120_000);
  expect(said()).toEqual(['hello']);
  for (const chat of chats) expect(pending(chat)).toEqual([]);
});
