import { QueryClientProvider } from '@tanstack/react-query';
import { createMemoryHistory, createRootRoute, createRoute, createRouter, Outlet, RouterProvider } from '@tanstack/react-router';
import { act, render, screen } from '@testing-library/react';
import { ME } from '@tests/support/screen';
import { FakeServer } from '@tests/support/server';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { sessionQuery } from '@/features/identity/api/session';
import { makeQueryClient } from '@/shared/query/client';
import { RealtimeClient } from '@/shared/realtime/client';
import { RealtimeContext } from '@/shared/realtime/RealtimeContext';
import { NetworkStrip } from './NetworkStrip';
import { SessionWatch } from './SessionWatch';

const SESSION = 'GET /api/v1/session';
const SIGNED_OUT = { status: 401, body: { code: 'not-signed-in', title: '' } };

class FakeSocket {
  onclose: ((event: { code: number }) => void) | null = null;
  close = () => undefined;
}

let server: FakeServer;
let sockets: FakeSocket[];
let realtime: RealtimeClient;
const text = () => screen.getByRole('status').textContent;

async function desk() {
  const root = createRootRoute({ component: Outlet });
  const page = () => (
    <RealtimeContext value={realtime}>
      <NetworkStrip />
      <SessionWatch />
      the desk
    </RealtimeContext>
  );
  const routeTree = root.addChildren([
    createRoute({ getParentRoute: () => root, path: '/desk', component: page }),
    createRoute({ getParentRoute: () => root, path: '/sign-in', component: () => 'sign in' }),
  ]);
  const router = createRouter({ routeTree, history: createMemoryHistory({ initialEntries: ['/desk'] }) });
  const queries = makeQueryClient();
  queries.setQueryData(sessionQuery.queryKey, ME);
  render(
    <QueryClientProvider client={queries}>
      <RouterProvider router={router as never} />
    </QueryClientProvider>,
  );
  await screen.findByText('the desk');
}

const close = (code: number) => act(() => sockets.at(-1)?.onclose?.({ code }));

beforeEach(async () => {
  vi.stubGlobal('scrollTo', () => undefined);
  server = new FakeServer().on(SESSION, ME);
  sockets = [];
  const openSocket = () => {
    sockets.push(new FakeSocket());
    return sockets.at(-1) as unknown as WebSocket;
  };
  realtime = new RealtimeClient({ url: 'ws://test/rt/v1', openSocket });
  realtime.start();
  await desk();
});

afterEach(() => realtime.stop());

test.each([4401, 4403])('a connection that is refused with %i signs nobody out whose session is fine, and is tried again', async (code) => {
  close(code);
  await expect.poll(() => sockets.length).toBe(2);
  expect(server.sentTo(SESSION)).toHaveLength(1);
  expect(screen.queryByText('the desk')).not.toBeNull();
});

test('when the session is over, also over HTTP, the way leads to the sign-in page', async () => {
  server.on(SESSION, () => SIGNED_OUT);
  close(4401);
  expect(await screen.findByText('sign in')).toBeTruthy();
  expect(sockets).toHaveLength(1);
});

test('a refusal of the upgrade, which has no code of ours, is a lost network', async () => {
  close(1006);
  await expect.poll(() => sockets.length).toBe(2);
  expect(server.asked).toEqual([]);
  expect(text()).toContain('The network is down');
});

test('a refusal that is not about the session is told as what it is', async () => {
  close(4403);
  await expect.poll(() => sockets.length).toBe(2);
  expect(text()).toContain('not updated live');
  close(1006);
  expect(text()).toContain('The network is down');
});
