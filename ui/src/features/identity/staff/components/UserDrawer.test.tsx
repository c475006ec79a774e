import { act, fireEvent, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { show } from '@tests/support/screen';
import { FakeServer } from '@tests/support/server';
import { beforeEach, expect, test } from 'vitest';
import type { RoleShown, UserDetail } from '@/shared/api/generated/types.gen';
import { UserDrawer } from './UserDrawer';

const user: UserDetail = {
  id: 'u-9',
  login: '8099',
  display_name: 'Gu Nan',
  org_unit_id: 'root',
  post_id: null,
  active: true,
  locale: 'en',
  password_issued: false,
  grants: [{ role: 'agent', scope: null }],
  version: 4,
  sessions: 2,
};
const role = (code: string, administrator: RoleShown['administrator'] = null): RoleShown => ({
  id: `r-${code}`,
  code,
  name: code,
  administrator,
  permissions: {},
  built_in: true,
  people: 1,
  version: 1,
});

// Drawers with trees and tables take their time where many tests run at once.
let server: FakeServer;

beforeEach(() => {
  server = new FakeServer()
    .on('GET /api/v1/users/u-9', user)
    .on('GET /api/v1/roles', { items: [role('agent'), role('supervisor'), role('audit_administrator', 'audit')] })
    .on('GET /api/v1/org-units', { items: [{ id: 'root', parent_id: null, name: 'Centre', people: 1, version: 1 }] })
    .on('GET /api/v1/posts', { items: [] })
    .on('PATCH /api/v1/users/u-9', { ...user, version: 5 })
    .on('PUT /api/v1/users/u-9/roles', { ...user, version: 5 });
});

const name = () => screen.getByRole<HTMLInputElement>('textbox', { name: 'Name' });
const open = () => <UserDrawer userId="u-9" onClose={() => undefined} />;

test('who keeps the users changes the person and not the roles', async () => {
  show(open(), ['user:manage']);
  expect((await screen.findByRole<HTMLInputElement>('checkbox', { name: 'Agent' })).disabled).toBe(true);
  expect(screen.queryByRole('button', { name: 'Save roles' })).toBeNull();
  fireEvent.change(name(), { target: { value: 'Gu Nanxing' } });
  await userEvent.click(screen.getByRole('button', { name: 'Save person' }));
  // Only what was touched, with the version that was seen.
  await expect.poll(() => server.sentTo('PATCH /api/v1/users/u-9')).toEqual([{ display_name: 'Gu Nanxing', version: 4 }]);
});

test('who grants changes the roles and not the person', async () => {
  show(open(), ['role:grant']);
  await userEvent.click(await screen.findByRole('checkbox', { name: 'Supervisor' }));
  expect(name().disabled).toBe(true);
  expect(screen.queryByRole('button', { name: 'Reset password' })).toBeNull();
  await userEvent.click(screen.getByRole('button', { name: 'Save roles' }));
  const grants = [
    { role: 'agent', scope: null },
    { role: 'supervisor', scope: null },
  ];
  await expect.poll(() => server.sentTo('PUT /api/v1/users/u-9/roles')).toEqual([{ grants, version: 4 }]);
});

test('an administrator is changed by nobody else', async () => {
  server.on('GET /api/v1/users/u-9', { ...user, grants: [{ role: 'audit_administrator', scope: null }] });
  show(open(), ['user:manage']);
  expect(await screen.findByText(/changed by nobody else/)).toBeTruthy();
  expect(name().disabled).toBe(true);
  expect(screen.queryByRole('button', { name: 'Deactivate' })).toBeNull();
});

test('when somebody was faster it says so and keeps what was typed', async () => {
  server.on('PATCH /api/v1/users/u-9', () => ({ status: 409, body: { code: 'user-changed', title: '', params: { version: 5 } } }));
  show(open(), ['user:manage']);
  await screen.findByRole('button', { name: 'Save person' });
  server.on('GET /api/v1/users/u-9', { ...user, locale: 'zh-CN', version: 5 });
  fireEvent.change(name(), { target: { value: 'Gu Nanxing' } });
  await userEvent.click(screen.getByRole('button', { name: 'Save person' }));
  expect(await screen.findByText(/Somebody has just changed this user/)).toBeTruthy();
  expect(name().value).toBe('Gu Nanxing');
  server.on('PATCH /api/v1/users/u-9', { ...user, version: 6 });
  await userEvent.click(screen.getByRole('button', { name: 'Save person' }));
  await expect.poll(() => server.sentTo('PATCH /api/v1/users/u-9').at(-1)).toEqual({ display_name: 'Gu Nanxing', version: 5 });
});

test('a new password is asked for, shown once and gone', async () => {
  server.on('POST /api/v1/users/u-9/password', { password: 'abcde-fghjk-mnpqr' });
  show(open(), ['user:manage']);
  await userEvent.click(await screen.findByRole('button', { name: 'Reset password' }));
  expect(server.sentTo('POST /api/v1/users/u-9/password')).toEqual([]);
  expect(await screen.findAllByText('Reset the password of Gu Nan?')).not.toEqual([]);
  await userEvent.click(screen.getAllByRole('button', { name: 'Reset password' }).at(-1) as HTMLElement);
  expect((await screen.findByTestId('one-time-password')).textContent).toBe('abcde-fghjk-mnpqr');
  await userEvent.click(screen.getByRole('button', { name: 'I have passed it on' }));
  await expect.poll(() => screen.queryByText('abcde-fghjk-mnpqr')).toBeNull();
});

test('roles that another has granted meanwhile stay granted', async () => {
  server.on('PUT /api/v1/users/u-9/roles', () => ({ status: 409, body: { code: 'user-changed', title: '', params: { version: 5 } } }));
  show(open(), ['role:grant']);
  await userEvent.click(await screen.findByRole('checkbox', { name: 'Supervisor' }));
  const theirs = [...user.grants, { role: 'audit_administrator', scope: null }];
  server.on('GET /api/v1/users/u-9', { ...user, grants: theirs, version: 5 });
  await userEvent.click(screen.getByRole('button', { name: 'Save roles' }));
  expect(await screen.findByText(/Somebody has just changed this user/)).toBeTruthy();
  await expect.poll(() => screen.getByRole<HTMLInputElement>('checkbox', { name: /Audit/ }).checked).toBe(true);
  server.on('PUT /api/v1/users/u-9/roles', { ...user, version: 6 });
  await userEvent.click(screen.getByRole('button', { name: 'Save roles' }));
  await expect.poll(() => server.sentTo('PUT /api/v1/users/u-9/roles').at(-1)).toEqual({ grants: [...theirs, { role: 'supervisor', scope: null }], version: 5 });
});

test('what is typed stays when the user cannot be fetched again', async () => {
  const { queries } = show(open(), ['user:manage']);
  await screen.findByRole('button', { name: 'Save person' });
  fireEvent.change(name(), { target: { value: 'Gu Nanxing' } });
  server.on('GET /api/v1/users/u-9', () => ({ status: 404, body: { code: 'not-found', title: '' } }));
  await act(() => queries.invalidateQueries({ queryKey: ['staff', 'user'] }));
  expect(name().value).toBe('Gu Nanxing');
});

test('roles that cannot be had are said, and asked for again', async () => {
  server.on('GET /api/v1/roles', () => ({ status: 403, body: { code: 'permission-missing', title: 'no', params: { permission: 'org:read' } } }));
  show(open(), ['user:manage']);
  expect(await screen.findByRole('alert')).toBeTruthy();
});
