import { severalTabs } from '@tests/support/tabs';
import { VisitorServer, VisitorSocket } from '@tests/support/visitor';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { VisitorChat } from './visitorChat';

const NOBODY = { name: null, msisdn: null };
const KEY = 'careline.visitor.demo';
const remembered = (token: string) => JSON.stringify({ token, visitor_id: `of ${token}`, expires_at: '2026-01-09T00:00:00Z' });

let server: VisitorServer;
let sockets: VisitorSocket[];
let tabs: VisitorChat[];
const settle = () => vi.advanceTimersByTimeAsync(0);

function open() {
  const openSocket = () => sockets[sockets.push(new VisitorSocket()) - 1] as unknown as WebSocket;
  const tab = new VisitorChat({ tenant: 'demo', openSocket });
  tab.start();
  tabs.push(tab);
  return tab;
}

beforeEach(() => {
  vi.useFakeTimers();
  server = new VisitorServer();
  [sockets, tabs] = [[], []];
  vi.stubGlobal('fetch', server.handle);
});

afterEach(() => {
  tabs.forEach((tab) => tab.stop());
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

test('two tabs in which somebody enters at once are one visitor in one chat', async () => {
  severalTabs({ locks: true });
  const [first, second] = [open(), open()];
  await Promise.all([first.enter({ name: 'Wang', msisdn: null }), second.enter(NOBODY)]);
  first.say('one');
  second.say('two');
  await settle();
  expect(server.tokens).toBe(1);
  expect(server.messages.map((m) => m.text)).toEqual(['one', 'two']);
  for (const tab of tabs) expect(tab.getView()).toMatchObject({ entered: true, pending: [] });
});

test('a tab in which nothing was written shows the chat that another one began', async () => {
  severalTabs({ locks: true });
  const [first, second] = [open(), open()];
  await first.enter(NOBODY);
  await settle();
  first.say('one');
  await settle();
  expect(second.getView().messages.map((m) => m.text)).toEqual(['one']);
});

test('a tab that was open before takes over who was made known in another one', async () => {
  severalTabs({ locks: false });
  const [first, second] = [open(), open()];
  await first.enter(NOBODY);
  await settle();
  expect(second.getView().entered).toBe(true);
  second.say('one');
  await settle();
  expect(server.tokens).toBe(1);
});

test('a tab that has not been told yet looks before it makes somebody known', async () => {
  const tab = open();
  localStorage.setItem(KEY, remembered('t0'));
  await tab.enter(NOBODY);
  sockets[0]?.accept();
  expect(server.tokens).toBe(0);
  expect(sockets[0]?.sent[0]).toEqual({ t: 'hello', v: 1, visitor: 't0' });
});

test('an expired token is replaced once for all tabs, and none takes away what another has put in its place', async () => {
  severalTabs({ locks: true });
  const [first, second] = [open(), open()];
  await first.enter(NOBODY);
  server.expired.add('t1');
  first.say('one');
  second.say('two');
  await settle();
  expect(server.tokens).toBe(2);
  expect(server.messages.map((m) => m.text)).toEqual(['one', 'two']);
  expect(localStorage.getItem(KEY)).toContain('"t2"');
  for (const tab of tabs) expect(tab.getView().entered).toBe(true);
});

test('what a former visitor was told is not shown to the one after', async () => {
  severalTabs({ locks: true });
  const tab = open();
  await tab.enter(NOBODY);
  tab.say('one');
  await settle();
  expect(tab.getView().messages).toHaveLength(1);
  server.messages = [];
  server.now = { ...server.now, conversation_id: null, interaction_id: null, state: 'none' };
  localStorage.setItem(KEY, remembered('t9'));
  await settle();
  expect(tab.getView()).toMatchObject({ entered: true, messages: [], now: { state: 'none' } });
});

test('a page that empties the storage ends no chat', async () => {
  severalTabs({ locks: true });
  const tab = open();
  await tab.enter(NOBODY);
  localStorage.removeItem(KEY);
  tab.say('one');
  await settle();
  expect(server.tokens).toBe(1);
  expect(tab.getView().messages).toHaveLength(1);
});
