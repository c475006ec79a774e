import { fireEvent, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { show } from '@tests/support/screen';
import { FakeServer } from '@tests/support/server';
import { expect, test } from 'vitest';
import type { RoleShown } from '@/shared/api/generated/types.gen';
import { RoleDrawer } from './RoleDrawer';

const role: RoleShown = { id: 'r-1', code: 'team_lead', name: 'Team lead', administrator: null, permissions: { 'case:read': 'tenant' }, built_in: false, people: 0, version: 1 };
const permission = (code: string) => ({ code, scopes: ['tenant'], administrator: null });
const CHANGE = 'PUT /api/v1/roles/r-1';

test('what another administrator has changed in a role meanwhile stays changed', async () => {
  const server = new FakeServer()
    .on('GET /api/v1/roles', { items: [role] })
    .on('GET /api/v1/permissions', { items: ['case:read', 'case:write', 'floor:view'].map(permission) })
    .on(CHANGE, () => ({ status: 409, body: { code: 'role-changed', title: '', params: {} } }));
  show(<RoleDrawer hand={{ id: 'r-1' }} onClose={() => undefined} onCopy={() => undefined} onMade={() => undefined} />, ['role:grant']);
  fireEvent.click(await screen.findByRole('checkbox', { name: /case:write/ }));
  server.on('GET /api/v1/roles', { items: [{ ...role, permissions: { 'floor:view': 'tenant' }, version: 2 }] });
  await userEvent.click(screen.getByRole('button', { name: /Save/ }));
  // Theirs is shown: one taken, one given; and mine is not lost.
  await expect.poll(() => screen.getByRole<HTMLInputElement>('checkbox', { name: /floor:view/ }).checked).toBe(true);
  expect(screen.getByRole<HTMLInputElement>('checkbox', { name: /case:read/ }).checked).toBe(false);
  server.on(CHANGE, { ...role, version: 3 });
  await userEvent.click(screen.getByRole('button', { name: /Save/ }));
  await expect.poll(() => server.sentTo(CHANGE).at(-1)).toEqual({ name: 'Team lead', permissions: { 'floor:view': 'tenant', 'case:write': 'tenant' }, version: 2 });
});
