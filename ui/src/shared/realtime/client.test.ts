import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { RealtimeClient, type TopicListener } from './client';
import type { ClientFrame, ServerFrame } from './frames';

class FakeSocket {
  readyState: number = WebSocket.CONNECTING;
  sent: ClientFrame[] = [];
  onopen: (() => void) | null = null;
  onmessage: ((message: { data: string }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;

  send(text: string) {
    this.sent.push(JSON.parse(text) as ClientFrame);
  }
  close() {
    this.readyState = WebSocket.CLOSED;
  }
  accept() {
    this.readyState = WebSocket.OPEN;
    this.onopen?.();
    this.say({ t: 'welcome', epoch: 'e1', heartbeat_s: 15 });
  }
  say(frame: ServerFrame) {
    this.onmessage?.({ data: JSON.stringify(frame) });
  }
}

let sockets: FakeSocket[];
let client: RealtimeClient;
const last = () => sockets[sockets.length - 1] as FakeSocket;
const event = (topic: string, position: string): ServerFrame => ({ t: 'ev', topic, position, name: 'x', data: {}, at: '2026-01-02T03:04:05.678Z' });

function listener() {
  const heard: string[] = [];
  const topic: TopicListener = { event: (e) => heard.push(e.position), reset: () => heard.push('reset') };
  return { heard, topic };
}

beforeEach(() => {
  vi.useFakeTimers();
  sockets = [];
  client = new RealtimeClient({
    url: 'ws://test/rt/v1',
    openSocket: () => {
      const socket = new FakeSocket();
      sockets.push(socket);
      return socket as unknown as WebSocket;
    },
  });
  client.start();
});

afterEach(() => {
  client.stop();
  vi.useRealTimers();
});

test('says hello first and subscribes only after the welcome', () => {
  client.subscribe('floor', listener().topic);
  const socket = last();
  socket.readyState = WebSocket.OPEN;
  socket.onopen?.();
  expect(socket.sent).toEqual([{ t: 'hello', v: 1 }]);
  socket.say({ t: 'welcome', epoch: 'e1', heartbeat_s: 15 });
  expect(socket.sent[1]).toEqual({ t: 'sub', topic: 'floor', from: null });
  expect(client.getLink()).toBe('online');
});

test('a fresh subscription asks for a fetch, a resumed one does not', () => {
  const { heard, topic } = listener();
  client.subscribe('floor', topic);
  last().accept();
  last().say({ t: 'subbed', topic: 'floor', position: '10' });
  last().say(event('floor', '11'));
  expect(heard).toEqual(['reset', '11']);

  last().onclose?.({ code: 1006 });
  expect(client.getLink()).toBe('offline');
  vi.advanceTimersByTime(400);
  last().accept();
  expect(last().sent[1]).toEqual({ t: 'sub', topic: 'floor', from: '11' });
  last().say({ t: 'subbed', topic: 'floor', position: '13' });
  last().say(event('floor', '12'));
  last().say(event('floor', '13'));
  expect(heard).toEqual(['reset', '11', '12', '13']);
});

test('a reset moves to the new position and asks for a fetch', () => {
  const { heard, topic } = listener();
  client.subscribe('floor', topic, '5');
  last().accept();
  last().say({ t: 'reset', topic: 'floor', position: '90' });
  expect(heard).toEqual(['reset']);
  last().onclose?.({ code: 1006 });
  vi.advanceTimersByTime(400);
  last().accept();
  expect(last().sent[1]).toEqual({ t: 'sub', topic: 'floor', from: '90' });
});

test('listeners of one topic share one subscription; the last one to leave ends it', () => {
  last().accept();
  const leaveFirst = client.subscribe('floor', listener().topic);
  const leaveSecond = client.subscribe('floor', listener().topic);
  leaveFirst();
  expect(last().sent.map((frame) => frame.t)).toEqual(['hello', 'sub']);
  leaveSecond();
  leaveSecond();
  expect(last().sent.map((frame) => frame.t)).toEqual(['hello', 'sub', 'unsub']);
});

test('a silent connection is seen as lost within three seconds and healed', () => {
  last().accept();
  vi.advanceTimersByTime(1500);
  expect(last().sent.at(-1)).toEqual({ t: 'ping' });
  expect(client.getLink()).toBe('online');
  vi.advanceTimersByTime(1500);
  expect(client.getLink()).toBe('offline');
  vi.advanceTimersByTime(400);
  expect(sockets).toHaveLength(2);
  last().accept();
  expect(client.getLink()).toBe('online');
});

test('a slow network is told within three seconds, and has ten to open the connection and ten for the welcome', () => {
  const socket = last();
  vi.advanceTimersByTime(3000);
  expect(client.getLink()).toBe('offline');
  vi.advanceTimersByTime(6000);
  socket.readyState = WebSocket.OPEN;
  socket.onopen?.();
  vi.advanceTimersByTime(9000);
  expect(socket.sent).toEqual([{ t: 'hello', v: 1 }]);
  socket.say({ t: 'welcome', epoch: 'e1', heartbeat_s: 15 });
  expect(client.getLink()).toBe('online');
  expect(sockets).toHaveLength(1);
});

test('a server that never says welcome is given up, and tried again', () => {
  vi.advanceTimersByTime(9500);
  expect(sockets).toHaveLength(1);
  vi.advanceTimersByTime(1000);
  expect(sockets).toHaveLength(2);
});

test('answered questions keep it; a quiet hidden page, whose timers run once a minute, loses nothing', () => {
  last().accept();
  const pings = () => last().sent.filter((frame) => frame.t === 'ping').length;
  let answered = 0;
  for (let i = 0; i < 100; i += 1) {
    vi.advanceTimersByTime(250);
    if (pings() > answered) {
      answered = pings();
      last().say({ t: 'pong' });
    }
  }
  expect(answered).toBeGreaterThan(10);
  vi.setSystemTime(Date.now() + 60_000);
  vi.advanceTimersByTime(250);
  expect(client.getLink()).toBe('online');
  expect(sockets).toHaveLength(1);
});

test('the browser’s own word that the network is gone, and back, counts at once', () => {
  last().accept();
  window.dispatchEvent(new Event('offline'));
  expect(client.getLink()).toBe('offline');
  window.dispatchEvent(new Event('online'));
  expect(sockets).toHaveLength(2);
});

test('does not come back when it is not wanted', () => {
  last().accept();
  last().onclose?.({ code: 4401 });
  vi.advanceTimersByTime(60_000);
  expect(client.getLink()).toBe('ended');
  expect(client.getCloseCode()).toBe(4401);
  expect(sockets).toHaveLength(1);
});

test('frames it cannot read are left alone', () => {
  last().accept();
  last().onmessage?.({ data: 'not json' });
  last().onmessage?.({ data: '[1]' });
  last().say(event('never-asked-for', '1'));
  expect(client.getLink()).toBe('online');
});

const refusal = (topic: string): ServerFrame => ({ t: 'err', id: null, topic, code: 'topic-refused', params: { topic } });
const subs = () => last().sent.filter((frame) => frame.t === 'sub');

test('a refused topic is fetched each time and asked for again, less and less often, until it is allowed', () => {
  const { heard, topic } = listener();
  client.subscribe('floor', topic);
  last().accept();
  last().say(refusal('floor'));
  expect(heard).toEqual(['reset']);
  expect(client.getRefused()).toBe(false);
  const told: boolean[] = [];
  client.onRefused(() => told.push(client.getRefused()));
  for (const wait of [3000, 10_000, 30_000, 30_000]) {
    const before = subs().length;
    // Fewer than a probe's steps apart from the next one, so that the connection stays.
    for (let gone = 0; gone < wait; gone += 1000) {
      vi.advanceTimersByTime(1000);
      last().say({ t: 'pong' });
    }
    expect(subs()).toHaveLength(before + 1);
    expect(subs().at(-1)).toEqual({ t: 'sub', topic: 'floor', from: null });
    last().say(refusal('floor'));
  }
  expect(heard).toHaveLength(5);
  expect(told).toEqual([true]);
  client.askAgain();
  last().say({ t: 'subbed', topic: 'floor', position: '7' });
  expect(heard).toHaveLength(6);
  expect(told).toEqual([true, false]);
});

test('a refused topic that nobody follows any more is neither told nor asked for', () => {
  const leave = client.subscribe('conversation:1', listener().topic);
  last().accept();
  last().say(refusal('conversation:1'));
  last().say(refusal('conversation:1'));
  expect(client.getRefused()).toBe(true);
  leave();
  expect(client.getRefused()).toBe(false);
  client.askAgain();
  vi.advanceTimersByTime(2000);
  expect(subs()).toHaveLength(1);
});

test('a refused command concerns no topic', () => {
  const { heard, topic } = listener();
  client.subscribe('floor', topic);
  last().accept();
  last().say({ t: 'err', id: '1', code: 'command-unknown', params: {} });
  expect(heard).toEqual([]);
  expect(client.getRefused()).toBe(false);
});

test('what still came of an earlier subscription does not pass for a resumed one', () => {
  last().accept();
  client.subscribe('floor', listener().topic)();
  const { heard, topic } = listener();
  client.subscribe('floor', topic);
  // Sent by the server before it heard that we had left.
  last().say(event('floor', '7'));
  last().say({ t: 'subbed', topic: 'floor', position: '9' });
  expect(heard).toEqual(['7', 'reset']);
  last().onclose?.({ code: 1006 });
  vi.advanceTimersByTime(400);
  last().accept();
  expect(last().sent[1]).toEqual({ t: 'sub', topic: 'floor', from: '9' });
});

test('a clock that is set back hides no loss', () => {
  last().accept();
  vi.advanceTimersByTime(500);
  vi.setSystemTime(Date.now() - 3_600_000);
  vi.advanceTimersByTime(3000);
  expect(client.getLink()).toBe('offline');
});

test('where the page may open no connection it is offline, and goes on trying', () => {
  const tries = vi.fn(() => {
    throw new DOMException('insecure', 'SecurityError');
  });
  const shut = new RealtimeClient({ url: 'ws://test/rt/v1', openSocket: tries });
  shut.start();
  expect(shut.getLink()).toBe('offline');
  vi.advanceTimersByTime(400);
  expect(tries).toHaveBeenCalledTimes(2);
  shut.stop();
});
