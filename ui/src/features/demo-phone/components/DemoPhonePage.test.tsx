import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { FakeServer } from '@tests/support/server';
import { expect, test } from 'vitest';
import { DemoPhonePage } from './DemoPhonePage';

const OFFERED = {
  callers: [
    { number: '16000000001', name: '王小敏' },
    { number: '16000000002', name: null },
  ],
  hotline: '10010',
};

test('offers the callers and the number that the server names', async () => {
  new FakeServer().on('GET /api/v1/demo-phone', OFFERED);
  render(<DemoPhonePage />);
  expect(await screen.findByRole('button', { name: 'Call 10010' })).toBeTruthy();
  const options = screen.getAllByRole('option').map((option) => option.textContent);
  expect(options).toEqual(['16000000001 王小敏', '16000000002 (not a customer)']);
});

test('cannot be dialled before that, and asks again when told to', async () => {
  const server = new FakeServer();
  server.disconnect();
  render(<DemoPhonePage />);
  const again = await screen.findByRole('button', { name: 'Retry' });
  expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Call' }).disabled).toBe(true);
  server.connect();
  server.on('GET /api/v1/demo-phone', OFFERED);
  await userEvent.click(again);
  expect((await screen.findByRole<HTMLButtonElement>('button', { name: 'Call 10010' })).disabled).toBe(false);
});
