import { createMemoryHistory, createRootRoute, createRouter, RouterProvider } from '@tanstack/react-router';
import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { show } from '@tests/support/screen';
import { FakeServer } from '@tests/support/server';
import { expect, test } from 'vitest';
import type { InboxEntry } from '@/shared/api/generated/types.gen';
import { DeskCustomer } from './DeskCustomer';

const call = {
  interaction_id: 'i-1',
  conversation_id: 'c-1',
  media: 'voice',
  state: 'talking',
  customer: { id: null, name_masked: null, number_masked: null },
} as InboxEntry;

test('a case for a caller whom nobody knows stays beside the call', async () => {
  const made: object[] = [];
  new FakeServer()
    .on('GET /api/v1/interactions/i-1', { id: 'i-1', customer: null })
    .on('GET /api/v1/interactions/i-1/cases', () => ({ body: { items: [...made], next: null } }))
    .on('POST /api/v1/cases', (body) => {
      made.push({ ...(body as object), id: 'case-1', number: 'GD20260102-0001', state: 'open' });
      return { status: 201, body: made[0] };
    });
  const router = createRouter({
    routeTree: createRootRoute({ component: () => <DeskCustomer item={call} /> }),
    history: createMemoryHistory({ initialEntries: ['/desk'] }),
  });
  show(<RouterProvider router={router} />, ['case:read', 'case:write']);
  expect(await screen.findByText('No case made out of this contact yet.')).toBeTruthy();

  await userEvent.click(screen.getByRole('button', { name: 'Make a case' }));
  await userEvent.type(await screen.findByLabelText('Title'), 'No broadband');
  await userEvent.type(screen.getByLabelText('Text'), 'Since Monday');
  await userEvent.click(screen.getByRole('button', { name: 'Make case' }));

  expect((await screen.findByRole('link', { name: 'No broadband' })).getAttribute('href')).toBe('/cases/case-1');
  expect(screen.getByText('This contact')).toBeTruthy();
  expect(made).toMatchObject([{ interaction_id: 'i-1', customer_id: null }]);
  expect(router.state.location.pathname).toBe('/desk');
});
