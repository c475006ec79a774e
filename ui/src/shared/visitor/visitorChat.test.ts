import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { ServerFrame } from '../realtime/frames';
import { getTimeZone } from '../time/zone';
import { VisitorServer, VisitorSocket } from '@tests/support/visitor';
import { VisitorChat } from './visitorChat';

let server: VisitorServer;
let sockets: VisitorSocket[];
let chat: VisitorChat;
const settle = (ms = 0) => vi.advanceTimersByTimeAsync(ms);
const last = () => sockets.at(-1) as VisitorSocket;
const texts = () => chat.getView().messages.map((m) => m.text);
const event = (name: string, data: unknown): ServerFrame => ({ t: 'ev', topic: 'conversation:c', position: '1', name, data, at: '2026-01-02T00:00:00Z' });

function open() {
  const opened = new VisitorChat({
    tenant: 'demo',
    openSocket: () => sockets[sockets.push(new VisitorSocket()) - 1] as unknown as WebSocket,
  });
  opened.start();
  return opened;
}

beforeEach(() => {
  vi.useFakeTimers();
  server = new VisitorServer();
  sockets = [];
  vi.stubGlobal('fetch', server.handle);
  chat = open();
});

afterEach(() => {
  chat.stop();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

async function enter() {
  await chat.enter({ name: null, msisdn: null });
  last().accept();
  await settle();
}

test('the name of the centre is known before anybody enters, and asked for again when the network is back', async () => {
  await settle();
  expect(chat.getView()).toMatchObject({ entered: false, service: { name: 'demo' } });
  expect(getTimeZone()).toBe('Pacific/Auckland');
  chat.stop();
  server.lose = 'requests';
  chat = open();
  await settle();
  server.lose = 'nothing';
  await enter();
  expect(chat.getView().service?.name).toBe('demo');
});

test('enters once, says who it is to realtime, and follows the conversation as soon as there is one', async () => {
  await enter();
  expect(server.tokens).toBe(1);
  expect(last().sent[0]).toEqual({ t: 'hello', v: 1, visitor: 't1' });
  chat.say('hello');
  await settle();
  expect(texts()).toEqual(['hello']);
  expect(chat.getView().pending).toEqual([]);
  expect(last().sent).toContainEqual({ t: 'sub', topic: 'conversation:c', from: null });
});

test('a message is shown once at any moment: on its way, or stored', async () => {
  await enter();
  const shown: string[][] = [];
  chat.subscribe(() => shown.push([...texts(), ...chat.getView().pending.map((p) => p.text)]));
  chat.say('hello');
  await settle();
  expect(shown.length).toBeGreaterThan(1);
  expect(new Set(shown.map((all) => all.join()))).toEqual(new Set(['hello']));
});

test('a message whose answer was lost is sent again under its client id and stored once', async () => {
  await enter();
  server.lose = 'answers';
  chat.say('pay');
  await settle();
  expect(chat.getView().pending.map((p) => p.state)).toEqual(['waiting']);
  server.lose = 'nothing';
  await settle(3000);
  expect(server.received.filter((r) => r === 'POST /messages').length).toBeGreaterThan(1);
  expect(server.messages.map((m) => m.text)).toEqual(['pay']);
  expect(texts()).toEqual(['pay']);
  expect(chat.getView().pending).toEqual([]);
});

test('what was written before a reload goes out afterwards, under the same client id', async () => {
  await enter();
  server.lose = 'requests';
  chat.say('one');
  chat.say('two');
  await settle();
  const ids = chat.getView().pending.map((p) => p.clientId);
  chat.stop();
  server.lose = 'nothing';
  chat = open();
  await settle();
  expect(server.messages.map((m) => [m.client_id, m.text])).toEqual([
    [ids[0], 'one'],
    [ids[1], 'two'],
  ]);
  expect(server.tokens).toBe(1);
});

test('an event that overtook others makes it fetch what is between, in order', async () => {
  await enter();
  chat.say('one');
  await settle();
  server.put('agent', 'two');
  const third = server.put('agent', 'three');
  last().say(event('message.stored', third));
  await settle();
  expect(texts()).toEqual(['one', 'two', 'three']);
  expect(server.received).toContain('GET /messages?after=1');
});

test('after a cut it shows the loss, comes back and catches up by number', async () => {
  await enter();
  chat.say('one');
  await settle();
  last().onclose?.({ code: 1006 });
  expect(chat.getView().link).toBe('offline');
  server.put('agent', 'two');
  await settle(400);
  last().accept();
  await settle();
  expect(chat.getView().link).toBe('online');
  expect(texts()).toEqual(['one', 'two']);
});

test('an expired token is replaced by a new one, and the message still goes out once', async () => {
  await enter();
  server.expired.add('t1');
  chat.say('still here');
  await settle();
  expect(server.tokens).toBe(2);
  expect(server.messages.map((m) => m.text)).toEqual(['still here']);
  expect(chat.getView().entered).toBe(true);
});

test('the place in the queue goes down as the server tells it, and is not asked for', async () => {
  await enter();
  chat.say('person');
  await settle();
  server.now = { ...server.now, state: 'queued', queue_position: 4 };
  last().say(event('conversation.state', { interaction_id: 'i', state: 'queued', agent_name: null, queue_position: 4 }));
  await settle();
  expect(chat.getView().now.queue_position).toBe(4);
  const asked = server.received.length;
  last().say(event('queue.position', { interaction_id: 'i', queue_position: 2 }));
  expect(chat.getView().now.queue_position).toBe(2);
  last().say(event('queue.position', { interaction_id: 'another', queue_position: 9 }));
  await settle(15_000);
  expect(chat.getView().now.queue_position).toBe(2);
  expect(server.received.length).toBe(asked);
});

test('without realtime the place in the queue is asked for', async () => {
  await enter();
  chat.say('person');
  await settle();
  last().onclose?.({ code: 1006 });
  server.now = { ...server.now, state: 'queued', queue_position: 3 };
  await settle(5000);
  expect(chat.getView().now.queue_position).toBe(3);
});

test('when a machine thanks for a typed rating the stars go', async () => {
  await enter();
  chat.say('person');
  await settle();
  server.now = { ...server.now, state: 'ended', rating_open: true };
  last().say(event('conversation.state', { interaction_id: 'i', state: 'ended', agent_name: null, queue_position: null }));
  await settle();
  expect(chat.getView().now.rating_open).toBe(true);
  server.now = { ...server.now, rating_open: false };
  last().say(event('message.stored', server.put('bot', 'thanks')));
  await settle();
  expect(chat.getView().now.rating_open).toBe(false);
});

test('tells once what was read, and shows what the agent read', async () => {
  await enter();
  chat.say('one');
  await settle();
  server.put('bot', 'hello');
  last().say(event('message.stored', server.messages[1]));
  chat.tellRead();
  chat.tellRead();
  await settle();
  expect(server.received.filter((r) => r === 'POST /read')).toHaveLength(1);
  last().say(event('read', { author: 'agent', seq: 1 }));
  expect(chat.getView().agentReadSeq).toBe(1);
});

test('stored rubbish is no visitor', () => {
  localStorage.setItem('careline.visitor.demo', '{"token": 7}');
  expect(open().getView().entered).toBe(false);
});
