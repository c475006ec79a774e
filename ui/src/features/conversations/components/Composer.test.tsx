import { fireEvent, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { show } from '@tests/support/screen';
import { FakeServer } from '@tests/support/server';
import { beforeEach, expect, test, vi } from 'vitest';
import { sendMessage } from '../api/messages';
import { OutboxContext } from '../hooks/useOutbox';
import type { Message } from '@/shared/api/generated/types.gen';
import { Outbox } from '@/shared/conversations/outbox';
import { Composer } from './Composer';

const SEND = 'POST /api/v1/conversations/c-1/messages';
let server: FakeServer;
let outbox: Outbox<Message>;

const composer = () => (
  <OutboxContext value={outbox}>
    <Composer conversationId="c-1" values={{ surname: 'W', agent: 'Chen' }} />
  </OutboxContext>
);
const box = () => screen.getByRole<HTMLTextAreaElement>('textbox', { name: 'Reply to the customer' });

beforeEach(() => {
  server = new FakeServer().on(SEND, (body: unknown) => ({ status: 201, body }));
  server.on('POST /api/v1/conversations/c-1/typing', () => ({ status: 204 }));
  outbox = new Outbox({ send: sendMessage, sendFile: () => new Promise(() => undefined), stored: () => undefined, storageKey: 'test' });
});

test('Ctrl Enter sends what was written, Enter alone does not', async () => {
  show(composer());
  await userEvent.type(box(), 'Hello{Enter}there{Control>}{Enter}{/Control}');
  await expect.poll(() => server.sentTo(SEND)).toMatchObject([{ text: 'Hello\nthere' }]);
  expect(box().value).toBe('');
});

test('nothing is sent while an input method is composing, and never blanks', async () => {
  show(composer());
  await userEvent.type(box(), '   ');
  fireEvent.keyDown(box(), { key: 'Enter', ctrlKey: true });
  await userEvent.type(box(), 'ni');
  fireEvent.keyDown(box(), { key: 'Enter', ctrlKey: true, isComposing: true });
  fireEvent.keyDown(box(), { key: 'Enter', ctrlKey: true, keyCode: 229 });
  expect(outbox.getPending()).toEqual([]);
  expect(box().value).toBe('   ni');
});

test('a draft survives leaving and coming back, and is gone once sent', async () => {
  const { unmount } = show(composer());
  await userEvent.type(box(), 'half a sen');
  unmount();
  const again = show(composer());
  expect(box().value).toBe('half a sen');
  await userEvent.click(screen.getByRole('button', { name: /Send/ }));
  again.unmount();
  show(composer());
  expect(box().value).toBe('');
});

test('what is written without a network waits in the outbox', async () => {
  server.disconnect();
  show(composer());
  await userEvent.type(box(), 'still here{Control>}{Enter}{/Control}');
  await expect.poll(() => outbox.getPending().map((entry) => entry.state)).toEqual(['waiting']);
  server.connect();
  outbox.flush();
  await expect.poll(() => server.sentTo(SEND)).toMatchObject([{ text: 'still here' }]);
});

test('what is dropped or pasted is sent as a file, and the words that stand there stay', async () => {
  show(composer());
  await userEvent.type(box(), 'see');
  const file = new File(['x'], 'router.png', { type: 'image/png' });
  fireEvent.drop(box(), { dataTransfer: { files: [file], types: ['Files'] } });
  fireEvent.paste(box(), { clipboardData: { types: ['Files'], files: [file] } });
  expect(outbox.getPending().map(({ text, conversationId }) => [text, conversationId])).toEqual([
    ['router.png', 'c-1'],
    ['router.png', 'c-1'],
  ]);
  expect(box().value).toBe('see');
});

test('what is dropped beside the place is not opened in place of the page', () => {
  show(composer());
  // jsdom has no drag events: what matters is that the default, which opens the file, does not happen.
  const dropped = fireEvent.drop(document.body, { dataTransfer: { files: [], types: ['Files'] } });
  expect(dropped).toBe(false);
  expect(outbox.getPending()).toEqual([]);
});

test('a quick reply shows what it will say, is chosen by keys alone, and is not sent with a gap', async () => {
  const reply = (id: string, title: string, text: string) => ({ id, title, text, group: 'All', own: false, uses: 0, version: 1 });
  server.on('GET /api/v1/quick-replies', [reply('r-1', 'Hello', 'Dear {surname}, I am {agent}'), reply('r-2', 'Visit', 'They come before {time}')]);
  server.on('POST /api/v1/quick-replies/r-2/used', () => ({ status: 204 }));
  const shown = vi.spyOn(Element.prototype, 'scrollIntoView');
  show(composer());
  await userEvent.type(box(), 'So');
  await userEvent.keyboard('{Control>}k{/Control}');
  expect(await screen.findByText('Dear W, I am Chen')).toBeTruthy();
  await userEvent.keyboard('{Escape}');
  expect(box().value).toBe('So');

  await userEvent.keyboard('{Control>}k{/Control}{ArrowDown}');
  expect(shown.mock.contexts.at(-1)).toBe(screen.getByRole('option', { name: /Visit/ }));
  await userEvent.keyboard('{Enter}');
  await expect.poll(() => box().value).toBe('So They come before ⟦time⟧');
  await expect.poll(() => box().value.slice(box().selectionStart, box().selectionEnd)).toBe('⟦time⟧');
  await userEvent.keyboard('{Control>}{Enter}{/Control}');
  expect(outbox.getPending()).toEqual([]);
  await userEvent.keyboard('noon{Control>}{Enter}{/Control}');
  await expect.poll(() => server.sentTo(SEND)).toMatchObject([{ text: 'So They come before noon' }]);
});
