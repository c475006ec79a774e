import { afterEach, beforeEach, expect, test } from 'vitest';
import { locale } from '@/shared/i18n/locale';
import type { ChatView } from '@/shared/visitor/chatView';
import { setTimeZone } from '@/shared/time/zone';
import type { Pending } from '@/shared/conversations/pending';
import { NOTHING, type VisitorMessage } from '@/shared/visitor/protocol';
import { VisitorChat } from '@/shared/visitor/visitorChat';
import { drawLines } from './lines';

const chat = new VisitorChat({ tenant: 'demo' });
const EMPTY: ChatView = {
  service: null, opening: null, entered: true, now: NOTHING, messages: [], pending: [], link: 'online', agentReadSeq: 0, agentTyping: false, rated: null, forgotten: 0,
  left: null, person: 0,
};
const pending = (clientId: string, state: Pending['state']): Pending => ({
  clientId, conversationId: 'mine', text: clientId, file: null, at: '2026-01-02T00:00:00Z', progress: 0, state, error: null,
});
const message = (seq: number, author: VisitorMessage['author'], clientId: string | null = null): VisitorMessage => ({
  id: `m${seq}`, interaction_id: 'i', seq, client_id: clientId, author, author_name: null, kind: 'text', text: clientId ?? `text ${seq}`, code: null, params: null,
  at: '2026-01-02T00:00:00Z', attachment: null,
});

let log: HTMLElement;
let watch: MutationObserver;
const seen = () => [...log.children].map((line) => line.textContent);

/** What a screen reader reads out of a live log: nodes that come in, and texts that change. */
function draw(view: Partial<ChatView>): string[] {
  drawLines(log, { ...EMPTY, ...view }, chat);
  return watch.takeRecords().flatMap(({ addedNodes }) => [...addedNodes].map((node) => node.textContent ?? ''));
}

beforeEach(() => {
  log = document.createElement('div');
  watch = new MutationObserver(() => undefined);
  watch.observe(log, { childList: true, subtree: true });
});

afterEach(() => watch.disconnect());

test('a file on its way stands where it was said, between words', () => {
  const file = { ...pending('a.png', 'sending'), file: { size: 10, durationMs: null }, progress: 0.5 };
  draw({ pending: [pending('one', 'sending'), file, pending('two', 'sending')] });
  const shown = seen();
  expect(['one', 'a.png', 'two'].map((text) => shown.indexOf(text))).toEqual([0, 2, 5]);
});

test('a file that stands behind another waits; how far it is is shown and not read out', () => {
  locale.set('en');
  const file = (name: string, progress: number) => ({ ...pending(name, 'sending'), file: { size: 10, durationMs: null }, progress });
  const [first, second] = [file('a.png', 0), file('b.png', 0)];
  expect(draw({ pending: [first, second] })).toEqual(expect.arrayContaining(['Sending', 'Waiting for its turn']));
  expect(seen().join()).not.toContain('%');
  expect(draw({ pending: [{ ...first, progress: 0.5 }, second] })).toEqual([]);
  expect(log.querySelectorAll('progress')).toHaveLength(1);
  expect(log.querySelector('progress')?.value).toBe(0.5);
  expect(draw({ pending: [second] })).toEqual(expect.arrayContaining(['Sending']));
});

test('that something of somebody else was taken away is said without its words', () => {
  locale.set('en');
  expect(draw({ forgotten: 2 })[0]).toContain('2 messages');
  expect(log.querySelector('button')?.textContent).toBe('OK');
});

test('only what is new is put in, so that only that is read out', () => {
  draw({ messages: [message(1, 'bot')] });
  expect(seen()).toEqual([expect.stringContaining('Bot'), 'text 1']);
  expect(draw({ messages: [message(1, 'bot'), message(2, 'bot')] })).toEqual(['text 2']);
  expect(draw({ messages: [message(1, 'bot'), message(2, 'bot')], agentReadSeq: 2 })).toEqual([]);
  expect(seen()).toEqual([expect.stringContaining('Bot'), 'text 1', 'text 2']);
});

test('times are in the zone of the centre', () => {
  setTimeZone('Asia/Shanghai');
  draw({ messages: [message(1, 'bot')] });
  expect(seen()[0]).toContain('08:00');
  setTimeZone('America/New_York');
  draw({ messages: [message(1, 'bot')] });
  expect(seen()[0]).toContain('19:00');
});

test('an own message stays where it is while it is sent and stored; only its fate changes', () => {
  draw({ pending: [pending('hello', 'sending')] });
  const [own] = log.children;
  expect(draw({ messages: [message(1, 'customer', 'hello')] })).toEqual([seen()[1]]);
  expect(log.children[0]).toBe(own);
  expect(own?.className).toBe('mine');
  expect(seen()[0]).toBe('hello');
});

test('a message that overtook another stands behind it once that has come', () => {
  draw({ messages: [message(1, 'bot'), message(3, 'bot')] });
  expect(draw({ messages: [message(1, 'bot'), message(2, 'bot'), message(3, 'bot')] })).toEqual(['text 2']);
  expect(seen().slice(1)).toEqual(['text 1', 'text 2', 'text 3']);
});

test('a refused message offers its choices until one is made, in the language of the page', () => {
  draw({ pending: [pending('hello', 'failed')] });
  const [retry] = log.querySelectorAll('button');
  draw({ messages: [message(1, 'bot')], pending: [pending('hello', 'failed')] });
  expect(log.querySelector('button')).toBe(retry);
  const english = retry?.textContent;
  locale.set('zh-CN');
  draw({ pending: [pending('hello', 'failed')] });
  expect(log.querySelector('button')?.textContent).not.toBe(english);
  draw({});
  expect(log.querySelector('button')).toBeNull();
  expect(log.children).toHaveLength(1);
});
