import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { show } from '@tests/support/screen';
import { FakeServer } from '@tests/support/server';
import { expect, test } from 'vitest';
import { WaitingDrawer } from './WaitingDrawer';

const faults = { id: 'q-1', name: 'Faults', media: ['voice', 'chat'] as const };
const tariff = { id: 'q-2', name: 'Tariff', media: ['chat'] as const };
const nobody = { id: null, name_masked: null, number_masked: null };
const items = [
  { interaction_id: 'i-1', media: 'chat', position: 1, waiting_since: '2026-03-02T01:00:00Z', moved_up: false, put_off_until: null, customer: { ...nobody, name_masked: 'W*g' } },
  { interaction_id: 'i-2', media: 'voice', position: 2, waiting_since: '2026-03-02T01:00:00Z', moved_up: true, put_off_until: null, customer: nobody },
];
const left = { interaction_id: 'i-3', media: 'message', position: 1, waiting_since: '2026-03-01T01:00:00Z', moved_up: false, put_off_until: '2999-01-01T01:00:00Z', customer: nobody };
const WAITING = 'GET /api/v1/floor/queues/q-1/waiting';
const MOVE = 'POST /api/v1/floor/waiting/i-1/move';

const drawer = <WaitingDrawer queue={faults} queues={[faults, tariff]} stamp="2" onClose={() => undefined} />;

test('who may not direct sees who waits and moves nobody', async () => {
  new FakeServer().on(WAITING, { items, next: null });
  show(drawer, ['floor:view']);
  expect(await screen.findByText('W*g')).toBeTruthy();
  expect(screen.getByText('moved up')).toBeTruthy();
  expect(screen.queryByRole('button', { name: 'Move' })).toBeNull();
});

test('left messages are numbered among each other, and say to when they were put off', async () => {
  new FakeServer().on(WAITING, { items: [...items, left], next: null });
  show(drawer, ['floor:view']);
  const people = await screen.findByRole('region', { name: 'People' });
  const messages = screen.getByRole('region', { name: 'Left messages, in an order of their own' });
  const numbers = (line: HTMLElement) => [...line.querySelectorAll('li')].map((one) => /^[0-9]/.exec(one.textContent)?.[0]);
  expect([numbers(people), numbers(messages)]).toEqual([['1', '2'], ['1']]);
  expect(messages.textContent).toContain('put off to');
});

test('a contact goes to the front of its queue, with the reason', async () => {
  const server = new FakeServer().on(WAITING, { items, next: null }).on(MOVE, () => ({ status: 204 }));
  show(drawer, ['floor:view', 'floor:direct']);
  const [first] = await screen.findAllByRole('button', { name: 'Move' });
  if (first === undefined) throw new Error('nothing to click');
  await userEvent.click(first);
  await userEvent.click(screen.getByRole('button', { name: 'To the front' }));
  await expect.poll(() => server.sentTo(MOVE)).toEqual([{ queue_id: null, front: true, reason: 'waited_long' }]);
});

test('who has been taken meanwhile is said to wait no longer', async () => {
  new FakeServer().on(WAITING, { items, next: null }).on(MOVE, () => ({ status: 409, body: { code: 'contact-not-waiting', title: '' } }));
  show(drawer, ['floor:view', 'floor:direct']);
  const [first] = await screen.findAllByRole('button', { name: 'Move' });
  if (first === undefined) throw new Error('nothing to click');
  await userEvent.click(first);
  await userEvent.click(screen.getByRole('button', { name: 'To the front' }));
  expect(await screen.findByText('This customer no longer waits')).toBeTruthy();
});

test('a queue that moves faster than it is answered is shown all the same', async () => {
  const server = new FakeServer();
  const first = server.late(WAITING, { items, next: null });
  const asked = () => server.asked.filter(({ route }) => route === WAITING).length;
  const at = (stamp: string) => <WaitingDrawer queue={faults} queues={[faults]} stamp={stamp} onClose={() => undefined} />;
  const { update } = show(at('1'), ['floor:view']);
  await expect.poll(asked).toBe(1);
  for (const stamp of ['2', '3', '4']) update(at(stamp));
  server.on(WAITING, { items: [], next: null });
  first.release();
  expect(await screen.findByText('W*g')).toBeTruthy();
  // What has moved since is asked for once.
  expect(await screen.findByText('Nobody waits now.')).toBeTruthy();
  expect(asked()).toBe(2);
});

test('why nobody gets them is told when asked, with times of the day and the name of who is waited for', async () => {
  const why = [
    { code: 'waits-held-for-agent', params: { until: '2026-03-02T01:00:40+00:00' } },
    { code: 'waits-busy', params: { n: 5 } },
    { code: 'not-known-yet', params: {} },
    { code: 'next-in-line', params: { waited_s: 75 } },
  ];
  const WHY = 'GET /api/v1/floor/contacts/i-1/why';
  const server = new FakeServer().on(WAITING, { items: items.slice(0, 1), next: null }).on(WHY, { state: 'waiting', agent_name: 'Li Hui', why });
  show(drawer, ['floor:view']);
  await userEvent.click(await screen.findByText('Why'));
  expect(await screen.findByText(/^Kept for Li Hui until Mon, March 2 at \d\d:\d\d$/)).toBeTruthy();
  expect(screen.getAllByRole('listitem').map(({ textContent }) => textContent).slice(1)).toEqual(['5 with their hands full', 'The customer had waited 1:15 and was first in line']);
  expect(server.asked.filter(({ route }) => route === WHY)).toHaveLength(1);
});
