import { createMemoryHistory, createRootRoute, createRouter, RouterContextProvider } from '@tanstack/react-router';
import { act, screen } from '@testing-library/react';
import { FakeLine } from '@tests/support/live';
import { show } from '@tests/support/screen';
import { FakeServer } from '@tests/support/server';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Outbox } from '@/shared/conversations/outbox';
import type { Message } from '@/shared/api/generated/types.gen';
import { locale } from '@/shared/i18n/locale';
import { AgentWatch } from './AgentWatch';

const width = vi.hoisted(() => ({ is: 'wide' }));
vi.mock('../desk/useWidth', () => ({ useWidth: () => width.is }));

const outbox = new Outbox<Message>({ send: () => Promise.reject(new Error('not asked for')), sendFile: () => Promise.reject(new Error('not asked for')), storageKey: 'outbox', stored: () => undefined });
let line: FakeLine;

beforeEach(() => {
  new FakeServer().on('GET /api/v1/inbox', { offers: [], mine: [] });
  line = new FakeLine();
});
afterEach(() => {
  line.stop();
  vi.useRealTimers();
});

async function at(path: string, of = 'wide') {
  width.is = of;
  const router = createRouter({ routeTree: createRootRoute(), history: createMemoryHistory({ initialEntries: [path] }) });
  await router.load();
  show(<RouterContextProvider router={router as never}>{line.wrap(<AgentWatch outbox={outbox} />)}</RouterContextProvider>, ['desk:use']);
  return router;
}
const gone = (cause: string) => line.tell('agent:u-1', 'offer.gone', { id: 'o-1', cause });
const missed = () => screen.queryByText('An offer was missed');

test.each([
  ['/floor', 'wide', true],
  ['/desk', 'wide', false],
  ['/desk?item=i-1', 'narrow', false],
  ['/desk', 'folded', true],
  ['/desk', 'phone', false],
  ['/desk?item=i-1', 'phone', true],
])('at %s on a %s screen, that an offer was missed is told by a notice: %s', async (path, of, told) => {
  await at(path, of);
  gone('expired');
  gone('fault');
  await screen.findByText('This offer could not be connected');
  expect(missed() !== null).toBe(told);
});

test('the same news is told once, and changes with the language', async () => {
  await at('/floor');
  gone('expired');
  gone('expired');
  await expect.poll(missed).not.toBeNull();
  act(() => locale.set('zh-CN'));
  expect(missed()).toBeNull();
  expect(screen.queryByText('漏接了一次派发')).not.toBeNull();
});

test('who looks elsewhere is called by a notification without what was said, and a click shows the contact', async () => {
  const made: FakeNotification[] = [];
  class FakeNotification {
    static permission = 'granted';
    onclick: (() => void) | null = null;
    close = vi.fn();
    words: string;
    constructor(title: string, { body }: { body: string }) {
      this.words = `${title}: ${body}`;
      made.push(this);
    }
  }
  vi.stubGlobal('Notification', FakeNotification);
  vi.spyOn(document, 'hasFocus').mockReturnValue(false);
  vi.spyOn(window, 'focus').mockReturnValue();
  const customer = { id: null, name_masked: '李*', number_masked: null };
  const queue = { id: 'q-1', name: '宽带报障' };
  const mine = [{ interaction_id: 'i-1', customer, queue, last_text: '我的身份证号是' }];
  vi.useFakeTimers({ toFake: ['Date'] }); // the time that is left is told to the second
  const deadline = new Date(Date.now() + 20_500).toISOString();
  const offer = { id: 'o-1', interaction_id: 'i-2', media: 'chat', customer, queue, deadline };
  new FakeServer().on('GET /api/v1/inbox', { offers: [], mine });
  const router = await at('/customers');
  const told = () => {
    line.tell('agent:u-1', 'inbox.changed', { interaction_id: 'i-1', said: 7 });
    return made.length;
  };
  await expect.poll(told).toBeGreaterThan(0);
  expect(made[0]?.words).toBe('A customer wrote: 李*, 宽带报障');
  act(() => made[0]?.onclick?.());
  await expect.poll(() => router.state.location.href).toBe('/desk?item=i-1');
  const before = made.length;
  line.tell('agent:u-1', 'offer.made', offer);
  await expect.poll(() => made.length).toBe(before + 1);
  expect(made.at(-1)?.words).toBe('New offer: Chat: 宽带报障, answer within 20 s');
  gone('accepted');
  await expect.poll(() => made.at(-1)?.close.mock.calls.length).toBe(1);
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});
