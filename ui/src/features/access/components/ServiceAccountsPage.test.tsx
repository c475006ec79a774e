import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { show } from '@tests/support/screen';
import { FakeServer } from '@tests/support/server';
import { expect, test, vi } from 'vitest';
import { ServiceAccountsPage } from './ServiceAccountsPage';

/** At once: typing letter by letter takes seconds on a busy machine. */
async function fill(field: HTMLElement, text: string) {
  await userEvent.click(field);
  await userEvent.paste(text);
}

const ACCOUNT = {
  id: 'a-1',
  name: 'Reports',
  permissions: { 'case:read': 'tenant' },
  created_at: '2026-01-01T00:00:00Z',
  created_by: 'Zhou Wenjing',
  expires_at: '2099-01-01T00:00:00Z',
  last_used_at: null,
  revoked_at: null,
  approved_at: '2026-01-02T00:00:00Z',
};
const LIST = { items: [ACCOUNT], next: null, grantable: { 'case:read': ['own', 'department'], 'insight:view': ['tenant'] } };

test('the token of a new account is shown once, and only what may be given can be chosen', async () => {
  const server = new FakeServer().on('GET /api/v1/service-accounts', LIST).on('POST /api/v1/service-accounts', { token: 'cl_secret', account: ACCOUNT });
  show(<ServiceAccountsPage filter={{}} onFilter={vi.fn()} />, ['service-account:read', 'service-account:manage']);
  await userEvent.click(await screen.findByRole('button', { name: /New service account/ }));
  const drawer = await screen.findByRole('dialog');
  expect(within(drawer).getAllByRole('checkbox')).toHaveLength(2);
  await fill(within(drawer).getByLabelText('Name'), 'Reports');
  await userEvent.click(within(drawer).getByRole('checkbox', { name: /Read cases/ }));
  await userEvent.click(within(drawer).getByRole('button', { name: 'Make it and show the token' }));
  expect(await screen.findByText('cl_secret')).toBeTruthy();
  const [sent] = server.sentTo('POST /api/v1/service-accounts');
  expect(sent).toMatchObject({ name: 'Reports', permissions: { 'case:read': 'department' } });
  await userEvent.click(screen.getByRole('button', { name: 'I have kept it' }));
  expect(screen.queryByText('cl_secret')).toBeNull();
});

test('revoking asks with the name', async () => {
  const server = new FakeServer().on('GET /api/v1/service-accounts', LIST).on('DELETE /api/v1/service-accounts/a-1', () => ({ status: 204 }));
  show(<ServiceAccountsPage filter={{}} onFilter={vi.fn()} />, ['service-account:read', 'service-account:manage']);
  await userEvent.click(await screen.findByRole('button', { name: 'Revoke Reports' }));
  const question = await screen.findByRole('dialog');
  expect(question.textContent).toContain('Revoke “Reports”?');
  expect(server.sentTo('DELETE /api/v1/service-accounts/a-1')).toEqual([]);
  await userEvent.click(within(question).getByRole('button', { name: 'Revoke' }));
  await expect.poll(() => server.sentTo('DELETE /api/v1/service-accounts/a-1')).toHaveLength(1);
});

test('who grants rights sees what is asked for, and approves it', async () => {
  const waiting = { ...LIST, items: [{ ...ACCOUNT, approved_at: null }] };
  const server = new FakeServer().on('GET /api/v1/service-accounts', waiting).on('PUT /api/v1/service-accounts/a-1/approval', () => ({ status: 204 }));
  show(<ServiceAccountsPage filter={{}} onFilter={vi.fn()} />, ['service-account:read', 'role:grant']);
  expect(await screen.findByText('Waits for approval')).toBeTruthy();
  expect(screen.queryByRole('button', { name: /New service account/ })).toBeNull();
  await userEvent.click(screen.getByRole('button', { name: 'Approve Reports' }));
  const question = await screen.findByRole('dialog');
  expect(question.textContent).toContain('Read cases · Whole centre');
  await userEvent.click(within(question).getByRole('button', { name: 'Approve' }));
  await expect.poll(() => server.sentTo('PUT /api/v1/service-accounts/a-1/approval')).toHaveLength(1);
});

test('who only watches sees the accounts and can change nothing', async () => {
  new FakeServer().on('GET /api/v1/service-accounts', LIST);
  show(<ServiceAccountsPage filter={{}} onFilter={vi.fn()} />, ['service-account:read']);
  expect(await screen.findByText('Reports')).toBeTruthy();
  expect(screen.queryByRole('button', { name: /Revoke|Approve|New/ })).toBeNull();
});
