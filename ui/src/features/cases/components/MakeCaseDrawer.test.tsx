import { fireEvent, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { show } from '@tests/support/screen';
import { FakeServer } from '@tests/support/server';
import { useState } from 'react';
import { beforeEach, expect, test } from 'vitest';
import { MakeCaseDrawer } from './MakeCaseDrawer';

const MAKE = 'POST /api/v1/cases';
let server: FakeServer;

function Desk() {
  const [open, setOpen] = useState(true);
  const close = () => setOpen(false);
  return (
    <>
      <button onClick={() => setOpen(true)}>again</button>
      <MakeCaseDrawer open={open} onClose={close} onMade={close} customer={null} interactionId="i-1" beside />
    </>
  );
}

const field = (name: string) => screen.getByLabelText<HTMLInputElement>(name);
const send = () => screen.getByRole('button', { name: /Make case/ });
async function write() {
  fireEvent.change(await screen.findByLabelText('Title'), { target: { value: 'No broadband' } });
  fireEvent.change(field('Text'), { target: { value: 'Since Monday' } });
}
const names = () => server.sentTo(MAKE).map((body) => (body as { client_id: string }).client_id);

beforeEach(() => {
  server = new FakeServer().on(MAKE, () => ({ status: 201, body: { number: 'GD20260102-0001' } }));
});

test('opens empty after a case was made', async () => {
  const answer = server.late(MAKE, { number: 'GD20260102-0001' });
  show(<Desk />);
  await write();
  await userEvent.click(send());
  await expect.poll(() => send().className).toContain('loading');
  answer.release();
  await expect.poll(() => screen.queryByLabelText('Title')).toBeNull();
  await userEvent.click(screen.getByRole('button', { name: 'again' }));
  await screen.findByLabelText('Title');
  expect([field('Title').value, field('Text').value]).toEqual(['', '']);
});

test('opens with what was written when nothing was made of it', async () => {
  show(<Desk />);
  await write();
  await userEvent.click(screen.getByRole('button', { name: 'Not now' }));
  await expect.poll(() => screen.queryByLabelText('Title')).toBeNull();
  await userEvent.click(screen.getByRole('button', { name: 'again' }));
  await screen.findByLabelText('Title');
  expect([field('Title').value, field('Text').value]).toEqual(['No broadband', 'Since Monday']);
});

test('sent with a click and with Enter, it is sent once', async () => {
  const answer = server.late(MAKE, { number: 'GD20260102-0001' });
  show(<Desk />);
  await write();
  await userEvent.click(send());
  await expect.poll(() => send().className).toContain('loading');
  await userEvent.type(field('Title'), '{Enter}');
  answer.release();
  await expect.poll(() => screen.queryByLabelText('Title')).toBeNull();
  expect(server.sentTo(MAKE)).toHaveLength(1);
});

test('sent again after a cut, also by a page that was loaded anew, it has the same name; another case has another', async () => {
  server.on(MAKE, () => ({ status: 503, body: { code: 'database-busy', title: '' } }));
  const { unmount } = show(<Desk />);
  await write();
  await userEvent.click(send());
  await screen.findByRole('alert');
  unmount();
  show(<Desk />);
  await screen.findByLabelText('Title');
  await userEvent.click(send());
  await expect.poll(() => names().length).toBe(2);
  await screen.findByRole('alert');
  fireEvent.change(field('Text'), { target: { value: 'Since Tuesday' } });
  await userEvent.click(send());
  await expect.poll(() => names().length).toBe(3);
  const [first, second, third] = names();
  expect(second).toBe(first);
  expect(third).not.toBe(first);
});
