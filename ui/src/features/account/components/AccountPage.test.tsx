import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { ME, show } from '@tests/support/screen';
import { FakeServer } from '@tests/support/server';
import { expect, test, vi } from 'vitest';
import { AccountPage } from './AccountPage';

/** At once: typing letter by letter takes seconds on a busy machine. */
async function fill(field: HTMLElement, text: string) {
  await userEvent.click(field);
  await userEvent.paste(text);
}

const SESSION = { id: 's-1', created_at: '2026-01-01T00:00:00Z', last_used_at: '2026-01-01T01:00:00Z', expires_at: '2026-01-01T12:00:00Z', address: '192.0.2.1', user_agent: 'curl/8.5.0', current: true };
const CODES = Array.from({ length: 10 }, (_, n) => `aaaa-bbbb-000${n}`);

const server = () =>
  new FakeServer()
    .on('GET /api/v1/sessions', { items: [SESSION, { ...SESSION, id: 's-2', current: false, user_agent: 'Mozilla/5.0 (iPhone) Safari/604.1' }] })
    .on('GET /api/v1/session/second-factor', { since: null, codes_left: 0, needed: false });

test('turning the second factor on: password, code, and codes that are shown until they are kept', async () => {
  const onDone = vi.fn();
  const asked = server()
    .on('POST /api/v1/session/second-factor', { secret: 'ABCDEFGHIJKLMNOP', uri: 'otpauth://totp/x?secret=ABCDEFGHIJKLMNOP' })
    .on('POST /api/v1/session/second-factor/confirm', { codes: CODES });
  show(<AccountPage session={ME} onDone={onDone} />);
  await userEvent.click(await screen.findByRole('button', { name: 'Turn on two-step sign-in' }));
  await fill(await screen.findByLabelText('Your password'), 'correct horse battery');
  await userEvent.keyboard('{Enter}');
  expect(await screen.findByText('ABCD EFGH IJKL MNOP')).toBeTruthy();
  expect(screen.getByRole('img', { name: /QR code/ }).querySelector('svg')).not.toBeNull();
  await fill(screen.getByLabelText('The 6 digits the app shows'), '123456');
  await userEvent.keyboard('{Enter}');
  const list = await screen.findByRole('list', { name: 'Recovery codes' });
  expect(within(list).getAllByRole('listitem').map((item) => item.textContent)).toEqual(CODES);
  expect(onDone).not.toHaveBeenCalled();
  await userEvent.click(screen.getByRole('button', { name: 'I have kept them' }));
  expect(onDone).toHaveBeenCalledOnce();
  expect(screen.queryByText(CODES[0] ?? '')).toBeNull();
  expect(asked.sentTo('POST /api/v1/session/second-factor')).toEqual([{ password: 'correct horse battery' }]);
});

test('a wrong password is said beside its field, and what was typed stays', async () => {
  server().on('PUT /api/v1/session/password', () => ({ status: 403, body: { code: 'password-wrong', title: '', params: {}, field: 'current' } }));
  show(<AccountPage session={ME} onDone={vi.fn()} />);
  await fill(await screen.findByLabelText('Current password'), 'not it');
  await fill(screen.getByLabelText('New password'), 'a wholly different one');
  await fill(screen.getByLabelText('New password once more'), 'a wholly different one');
  await userEvent.click(screen.getByRole('button', { name: 'Change password' }));
  expect(await screen.findByText('The old password is wrong.')).toBeTruthy();
  expect(screen.getByLabelText<HTMLInputElement>('New password').value).toBe('a wholly different one');
});

test('other sessions are ended one by one or all together, this one is not', async () => {
  const asked = server().on('DELETE /api/v1/sessions/s-2', () => ({ status: 204 })).on('DELETE /api/v1/sessions', () => ({ status: 204 }));
  show(<AccountPage session={ME} onDone={vi.fn()} />);
  await userEvent.click(await screen.findByRole('button', { name: 'End Safari · iOS' }));
  await userEvent.click(screen.getByRole('button', { name: 'End 1 other session' }));
  const ended = () => asked.asked.filter(({ route }) => route.startsWith('DELETE')).map(({ route }) => route);
  await expect.poll(ended).toEqual(['DELETE /api/v1/sessions/s-2', 'DELETE /api/v1/sessions']);
  expect(screen.getAllByRole('button', { name: /^End / })).toHaveLength(2);
});

test('who has to change an issued password sees nothing else', async () => {
  const asked = server();
  show(<AccountPage session={{ ...ME, pending: 'password-change-needed' }} onDone={vi.fn()} />);
  expect(await screen.findByLabelText('Current password')).toBeTruthy();
  expect(screen.queryByText('Where you are signed in')).toBeNull();
  expect(asked.asked).toEqual([]);
});
