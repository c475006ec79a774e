import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { ME, show } from '@tests/support/screen';
import { FakeServer } from '@tests/support/server';
import { expect, test, vi } from 'vitest';
import { SignInPage } from './SignInPage';

/** At once: typing letter by letter takes seconds on a busy machine. */
async function fill(field: HTMLElement, text: string) {
  await userEvent.click(field);
  await userEvent.paste(text);
}

const problem = (code: string) => ({ status: 401, body: { code, title: '', params: {}, field: 'code' } });

async function fillIn() {
  await fill(await screen.findByLabelText('Number'), '8021');
  await fill(screen.getByLabelText('Password'), 'correct horse battery');
  await userEvent.click(screen.getByRole('button', { name: 'Sign in' }));
}

test('the second step sends the password again with the code, and a wrong one leaves what was typed before', async () => {
  const onSignedIn = vi.fn();
  const server = new FakeServer().on('POST /api/v1/session', (body) => {
    const { code } = body as { code?: string };
    if (code === undefined) return problem('second-factor-needed');
    return code === '123456' ? { body: ME } : problem('code-wrong');
  });
  show(<SignInPage onSignedIn={onSignedIn} />);
  await fillIn();
  const code = await screen.findByLabelText('Code');
  expect(screen.queryByRole('alert')).toBeNull();
  await fill(code, '000000');
  await userEvent.keyboard('{Enter}');
  expect((await screen.findByRole('alert')).textContent).toContain('The code is wrong');
  expect(screen.getByLabelText<HTMLInputElement>('Code').value).toBe('');
  await fill(screen.getByLabelText('Code'), ' 123456 ');
  await userEvent.keyboard('{Enter}');
  await expect.poll(() => onSignedIn).toHaveBeenCalledOnce();
  expect(server.sentTo('POST /api/v1/session').at(-1)).toEqual({ tenant: 'demo', login: '8021', password: 'correct horse battery', code: '123456' });
});

test('from the second step one can go back', async () => {
  new FakeServer().on('POST /api/v1/session', () => problem('second-factor-needed'));
  show(<SignInPage onSignedIn={vi.fn()} />);
  await fillIn();
  await userEvent.click(await screen.findByRole('button', { name: 'Use another account' }));
  expect(await screen.findByLabelText('Number')).toBeTruthy();
  expect(screen.queryByRole('alert')).toBeNull();
});
