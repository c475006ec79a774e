import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { show } from '@tests/support/screen';
import { FakeServer } from '@tests/support/server';
import { expect, test } from 'vitest';
import { OrderStrip } from './OrderStrip';

const order = {
  id: 'o-1',
  by_name: 'Zhou Wenjing',
  chosen: 'not_ready',
  reason: 'meeting',
  note: '<img src=x onerror=alert(1)> team meeting',
  signed_out: false,
  made_at: '2026-03-02T01:00:00Z',
  in_force: true,
};
const ORDERS = 'GET /api/v1/agent-state/orders';
const state = { chosen: 'not_ready' as const, reason: 'meeting' };

test('who, when and why is said until it was read, and words stay words', async () => {
  new FakeServer().on(ORDERS, { items: [order], next: null });
  const shown = show(<OrderStrip state={state} />);
  expect(await screen.findByText(/Zhou Wenjing set you to meeting/)).toBeTruthy();
  expect(screen.getByText(order.note)).toBeTruthy();
  expect(document.querySelector('img')).toBeNull();
  await userEvent.click(screen.getByRole('button', { name: 'Got it' }));
  expect(screen.queryByText(order.note)).toBeNull();
  shown.unmount();
  show(<OrderStrip state={state} />);
  await expect.poll(() => screen.getByRole('status').textContent).toBe('');
});

test('what is no more in force is not said', async () => {
  const server = new FakeServer().on(ORDERS, { items: [{ ...order, id: 'o-2', in_force: false }], next: null });
  show(<OrderStrip state={state} />);
  await expect.poll(() => server.asked.length).toBeGreaterThan(0);
  expect(screen.getByRole('status').textContent).toBe('');
});
