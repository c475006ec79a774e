import { screen } from '@testing-library/react';
import { FakeLine } from '@tests/support/live';
import { show } from '@tests/support/screen';
import { FakeServer } from '@tests/support/server';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Message } from '@/shared/api/generated/types.gen';
import { Outbox } from '@/shared/conversations/outbox';
import { messagesKey } from '../api/messages';
import { useConversation } from './useConversation';
import { OutboxContext } from './useOutbox';

const MESSAGES = 'GET /api/v1/conversations/c-1/messages';
const message = (seq: number) => ({ id: `m-${seq}`, seq, client_id: null, author: 'customer', text: `${seq}` }) as Message;
const upTo = (last: number) => ({ items: Array.from({ length: last }, (_, index) => message(index + 1)), next: null, customer_read: 0 });

let server: FakeServer;
let line: FakeLine;

function Log() {
  const { messages, readSeq, earlier } = useConversation('c-1', 'customer');
  return (
    <>
      <p role="log">{messages.data?.map(({ text }) => text).join(' ')}</p>
      <p role="status">{readSeq}</p>
      <button onClick={earlier.load}>{earlier.error === null ? 'Earlier' : 'Failed'}</button>
    </>
  );
}

function showLog() {
  const outbox = new Outbox<Message>({ send: () => Promise.reject(new Error('none is sent')), sendFile: () => Promise.reject(new Error('none is sent')), stored: () => undefined, storageKey: 'x' });
  return show(line.wrap(<OutboxContext value={outbox}><Log /></OutboxContext>));
}
const seen = () => screen.getByRole('log').textContent;
const asked = () => server.asked.filter(({ route }) => route === MESSAGES).length;

beforeEach(() => {
  line = new FakeLine();
  server = new FakeServer();
});
afterEach(() => line.stop());

test('a message that comes before the first answer is not lost', async () => {
  const old = server.late(MESSAGES, upTo(1));
  const { queries } = showLog();
  await expect.poll(asked).toBe(1);
  server.on(MESSAGES, upTo(2));
  line.tell('conversation:c-1', 'message.stored', message(2));
  old.release();
  await expect.poll(seen).toBe('1 2');
  await expect.poll(() => queries.isFetching()).toBe(0);
  expect(seen()).toBe('1 2');
});

test('what was stored between the first question and the following is asked for', async () => {
  const old = server.late(MESSAGES, upTo(1));
  showLog();
  await expect.poll(asked).toBe(1);
  server.on(MESSAGES, upTo(2));
  line.say({ t: 'subbed', topic: 'conversation:c-1', position: '1' });
  old.release();
  await expect.poll(seen).toBe('1 2');
});

test('an old answer takes no message away', async () => {
  server.on(MESSAGES, upTo(2));
  const { queries } = showLog();
  await expect.poll(seen).toBe('1 2');
  line.tell('conversation:c-1', 'message.stored', message(3));
  await queries.invalidateQueries({ queryKey: messagesKey('c-1') });
  expect(asked()).toBe(2);
  expect(seen()).toBe('1 2 3');
});

/** Answers as the server does: what was said after a number, or the last of what was said before one. */
const serve = (last: number) =>
  server.on(MESSAGES, (_: unknown, url: URL) => {
    const number = (name: string) => Number(url.searchParams.get(name));
    const [after, before, limit] = [number('after'), number('before'), number('limit')];
    const all = upTo(last).items;
    const items = before ? all.filter(({ seq }) => seq < before).slice(-limit) : all.filter(({ seq }) => seq > after).slice(0, limit);
    return { body: { items, next: before || items.length < limit ? null : String(items.at(-1)?.seq), customer_read: 7 } };
  });
const numbers = (from: number, to: number) => upTo(to).items.slice(from - 1).map(({ text }) => text).join(' ');

test('a long conversation is read from its end, and earlier ones when asked for, without gaps', async () => {
  serve(250);
  const { queries } = showLog();
  await expect.poll(seen).toBe(numbers(151, 250));
  expect(asked()).toBe(1);
  screen.getByRole('button', { name: 'Earlier' }).click();
  await expect.poll(seen).toBe(numbers(51, 250));
  serve(460);
  line.tell('conversation:c-1', 'message.stored', message(460));
  await expect.poll(seen).toBe(numbers(51, 460));
  screen.getByRole('button', { name: 'Earlier' }).click();
  await expect.poll(seen).toBe(numbers(1, 460));
  await queries.invalidateQueries({ queryKey: messagesKey('c-1') });
  expect(seen()).toBe(numbers(1, 460));
});

test('earlier ones that cannot be had are told of, and nothing that is there is lost', async () => {
  serve(150);
  showLog();
  await expect.poll(seen).toBe(numbers(51, 150));
  server.on(MESSAGES, () => ({ status: 403, body: { code: 'contact-not-yours' } }));
  screen.getByRole('button', { name: 'Earlier' }).click();
  expect(await screen.findByRole('button', { name: 'Failed' })).toBeTruthy();
  expect(seen()).toBe(numbers(51, 150));
});

test('how far the customer has read is known again when one comes back', async () => {
  serve(9);
  const { unmount } = showLog();
  await expect.poll(() => screen.getByRole('status').textContent).toBe('7');
  line.tell('conversation:c-1', 'read', { author: 'customer', seq: 9 });
  await expect.poll(() => screen.getByRole('status').textContent).toBe('9');
  line.tell('conversation:c-1', 'read', { author: 'customer', seq: 8 });
  expect(screen.getByRole('status').textContent).toBe('9');
  unmount();
});
