import { QueryClientProvider, type QueryClient } from '@tanstack/react-query';
import { createMemoryHistory, createRootRoute, createRoute, createRouter, RouterProvider } from '@tanstack/react-router';
import { render, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { ME } from '@tests/support/screen';
import { FakeServer } from '@tests/support/server';
import type { ReactNode } from 'react';
import { expect, test } from 'vitest';
import { sessionQuery } from '@/features/identity/api/session';
import type { Session } from '@/shared/api/generated/types.gen';
import { makeQueryClient } from '@/shared/query/client';
import { SessionContext } from '@/shared/session/session';
import { keepDraftsOf, saveDraft } from '@/shared/storage/drafts';
import { Surface } from '../Surface';
import { UserMenu } from './UserMenu';

const accent = () => document.documentElement.style.getPropertyValue('--ant-color-primary');

function showMenu(inbox: object): QueryClient {
  const queries = makeQueryClient();
  const session: Session = { ...ME, tenant: { ...ME.tenant, accent: '#8b1a5e' } };
  queries.setQueryData(sessionQuery.queryKey, session);
  queries.setQueryData(['inbox'], inbox);
  const root = createRootRoute();
  const at = (path: string, component: () => ReactNode) => createRoute({ getParentRoute: () => root, path, component });
  const router = createRouter({
    routeTree: root.addChildren([at('/', () => <SessionContext value={ME}><UserMenu /></SessionContext>), at('/sign-in', () => 'signed out'), at('/account', () => 'account')]),
    history: createMemoryHistory({ initialEntries: ['/'] }),
  });
  render(
    <QueryClientProvider client={queries}>
      <Surface>
        <RouterProvider router={router} />
      </Surface>
    </QueryClientProvider>,
  );
  return queries;
}

test('who signs out leaves neither the colour of their centre nor what was fetched for them', async () => {
  new FakeServer().on('DELETE /api/v1/session', () => ({ status: 204 }));
  const queries = showMenu({ offers: [], mine: [] });
  await userEvent.click(await screen.findByRole('button', { name: /Chen Xiaolan/ }));
  expect(accent()).toBe('#8b1a5e');
  await userEvent.click(await screen.findByRole('button', { name: /Sign out/ }));
  expect(await screen.findByText('signed out')).toBeTruthy();
  await expect.poll(accent).toBe('');
  expect(queries.getQueryCache().getAll().map(({ queryKey }) => queryKey)).toEqual([sessionQuery.queryKey]);
});

test('who has somebody in hand is asked before they are left alone', async () => {
  const server = new FakeServer().on('DELETE /api/v1/session', () => ({ status: 204 }));
  showMenu({ offers: [], mine: [{ interaction_id: 'i-1' }, { interaction_id: 'i-2' }] });
  await userEvent.click(await screen.findByRole('button', { name: /Chen Xiaolan/ }));
  await userEvent.click(await screen.findByRole('button', { name: /Sign out/ }));
  const question = await screen.findByRole('dialog');
  expect(question.textContent).toContain('Contacts in hand: 2');
  expect(server.sentTo('DELETE /api/v1/session')).toEqual([]);
  await userEvent.click(within(question).getByRole('button', { name: 'Sign out' }));
  expect(await screen.findByText('signed out')).toBeTruthy();
});

test('who typed something and did not send it is told that it goes', async () => {
  const server = new FakeServer().on('DELETE /api/v1/session', () => ({ status: 204 }));
  keepDraftsOf(ME.user.id);
  saveDraft('message.c-1', '您好');
  showMenu({ offers: [], mine: [] });
  await userEvent.click(await screen.findByRole('button', { name: /Chen Xiaolan/ }));
  await userEvent.click(await screen.findByRole('button', { name: /Sign out/ }));
  const question = await screen.findByRole('dialog');
  expect(question.textContent).toContain('Typed and not sent: 1');
  expect(server.sentTo('DELETE /api/v1/session')).toEqual([]);
  await userEvent.click(within(question).getByRole('button', { name: 'Sign out' }));
  expect(await screen.findByText('signed out')).toBeTruthy();
  expect(Object.keys(localStorage).filter((key) => key.startsWith('careline.draft'))).toEqual([]);
});
