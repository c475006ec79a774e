import { screen } from '@testing-library/react';
import { FakeLine } from '@tests/support/live';
import { show } from '@tests/support/screen';
import { FakeServer } from '@tests/support/server';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Message } from '@/shared/api/generated/types.gen';
import { Outbox } from '@/shared/conversations/outbox';
import { messagesKey } from '../api/messages';
import { useConversation } from './useConversation';
import { Uploads } from '@/shared/conversations/uploads';
import { OutboxContext } from './useOutbox';
import { UploadsContext } from './useUploads';

const MESSAGES = 'GET /api/v1/conversations/c-1/messages';
const message = (seq: number) => ({ id: `m-${seq}`, seq, client_id: null, author: 'customer', text: `${seq}` }) as Message;
const upTo = (last: number) => ({ items: Array.from({ length: last }, (_, index) => message(index + 1)), next: null });

let server: FakeServer;
let line: FakeLine;

function Log() {
  const { messages } = useConversation('c-1', 'customer');
  return <p role="log">{messages.data?.map(({ text }) => text).join(' ')}</p>;
}

function showLog() {
  const outbox = new Outbox<Message>({ send: () => Promise.reject(new Error('none is sent')), stored: () => undefined, storageKey: 'x' });
  const uploads = new Uploads<Message>({ send: () => Promise.reject(new Error('none is sent')), stored: () => undefined });
  return show(line.wrap(<OutboxContext value={outbox}><UploadsContext value={uploads}><Log /></UploadsContext></OutboxContext>));
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
