import { act, fireEvent, screen } from '@testing-library/react';
import { show } from '@tests/support/screen';
import type { ComponentProps } from 'react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Message } from '@/shared/api/generated/types.gen';
import { Outbox } from '@/shared/conversations/outbox';
import { OutboxContext } from '../hooks/useOutbox';
import { Transcript } from './Transcript';

const LINE = 30;
const VIEW = 300;
let resized: () => void = () => undefined;

const said = (seq: number, part: Partial<Message> = {}) =>
  ({ id: `m-${seq}`, seq, conversation_id: 'c-1', author: 'customer', author_name: null, kind: 'text', text: `${seq}`, at: '2026-01-02T00:00:00Z', attachment: null, ...part }) as Message;
const upTo = (last: number, first = 1) => Array.from({ length: last - first + 1 }, (_, at) => said(first + at));
const earlier = { load: vi.fn(), loading: false, error: null };
const onSeen = vi.fn();
const part = (conversationId: string, messages: Message[], more: Partial<ComponentProps<typeof Transcript>> = {}) => (
  <Transcript conversationId={conversationId} messages={messages} earlier={earlier} pending={[]} readSeq={0} typing={false} onSeen={onSeen} {...more} />
);
const log = () => screen.getByRole('log');
const scroll = (top: number) => {
  log().scrollTop = top;
  fireEvent.scroll(log());
};

/** jsdom lays nothing out: every line is as high as another. */
beforeEach(() => {
  vi.stubGlobal(
    'ResizeObserver',
    class {
      constructor(tell: () => void) {
        resized = tell;
      }
      observe = () => undefined;
      disconnect = () => undefined;
    },
  );
  vi.stubGlobal('IntersectionObserver', class { observe = () => undefined; disconnect = () => undefined });
  const all = () => [...document.querySelectorAll('[data-line]')];
  vi.spyOn(HTMLElement.prototype, 'scrollHeight', 'get').mockImplementation(() => all().length * LINE);
  vi.spyOn(HTMLElement.prototype, 'clientHeight', 'get').mockReturnValue(VIEW);
  vi.spyOn(Element.prototype, 'getBoundingClientRect').mockImplementation(function box(this: Element) {
    const at = all().indexOf(this);
    const top = at < 0 ? 0 : at * LINE - log().scrollTop;
    return { top, bottom: top + LINE } as DOMRect;
  });
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
  onSeen.mockReset();
});

test('the end stays in view when what stands below takes room from the log', () => {
  show(part('end', upTo(40)));
  expect(log().scrollTop).toBe(40 * LINE);
  log().scrollTop = 700;
  resized();
  expect(log().scrollTop).toBe(40 * LINE);
});

test('who reads above stays there, is told how many are new, and goes to them', () => {
  const { update } = show(part('above', upTo(40)));
  expect(onSeen).toHaveBeenLastCalledWith(40);
  scroll(150);
  update(part('above', [...upTo(41), said(42, { kind: 'notice', author: 'system' }), said(43, { author: 'agent' }), said(44)]));
  act(resized);
  expect(log().scrollTop).toBe(150);
  expect(onSeen).toHaveBeenLastCalledWith(40);
  fireEvent.click(screen.getByRole('button', { name: '2 new messages' }));
  expect(log().scrollTop).toBe(44 * LINE);
  expect(onSeen).toHaveBeenLastCalledWith(44);
  expect(screen.queryByRole('button', { name: /new message|latest/ })).toBeNull();
});

test('what is loaded before it moves nothing', () => {
  const { update } = show(part('before', upTo(140, 101)));
  expect(screen.getByRole('button', { name: 'Earlier messages' })).toBeTruthy();
  scroll(65);
  update(part('before', upTo(140)));
  act(resized);
  expect(log().scrollTop).toBe(100 * LINE + 65);
  expect(screen.queryByRole('button', { name: 'Earlier messages' })).toBeNull();
});

test('each conversation is found where it was left', () => {
  const { unmount } = show(part('left', upTo(40)));
  scroll(150);
  unmount();
  show(part('other', upTo(40))).unmount();
  show(part('left', upTo(45)));
  expect(log().scrollTop).toBe(150);
  expect(screen.getByRole('button', { name: '5 new messages' })).toBeTruthy();
});

test('who writes sees what they wrote', () => {
  const outbox = new Outbox<Message>({ send: () => new Promise(() => undefined), sendFile: () => new Promise(() => undefined), stored: () => undefined, storageKey: 'test' });
  const { update } = show(<OutboxContext value={outbox}>{part('own', upTo(40))}</OutboxContext>);
  scroll(150);
  outbox.add('c-1', 'here');
  update(<OutboxContext value={outbox}>{part('own', upTo(40), { pending: outbox.getPending() })}</OutboxContext>);
  expect(log().scrollTop).toBe(40 * LINE);
});

test('a new day is told, addresses can be followed, and what cannot be loaded can be asked for again', () => {
  const messages = [said(7, { at: '2026-01-01T12:00:00Z', text: 'see https://a.example/x.' }), said(8, { at: '2026-01-02T12:00:00Z' })];
  show(part('days', messages, { earlier: { ...earlier, error: new Error('no network') } }));
  expect(screen.getAllByText(/^\w+, January \d$/).map((one) => one.textContent)).toEqual(['Thu, January 1', 'Fri, January 2']);
  expect(screen.getByRole('link').getAttribute('rel')).toContain('noopener noreferrer');
  fireEvent.click(screen.getByRole('button', { name: 'Retry' }));
  expect(earlier.load).toHaveBeenCalledOnce();
});
