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

const outbox = new Outbox<Message>({ send: () => Promise.reject(new Error('not asked for')), storageKey: 'outbox', stored: () => undefined });
let line: FakeLine;

beforeEach(() => {
  new FakeServer().on('GET /api/v1/inbox', { offers: [], mine: [] });
  line = new FakeLine();
});
afterEach(() => line.stop());

async function at(path: string, of = 'wide') {
  width.is = of;
  const router = createRouter({ routeTree: createRootRoute(), history: createMemoryHistory({ initialEntries: [path] }) });
  await router.load();
  show(<RouterContextProvider router={router as never}>{line.wrap(<AgentWatch outbox={outbox} />)}</RouterContextProvider>);
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
