import { fireEvent, screen } from '@testing-library/react';
import { show } from '@tests/support/screen';
import { FakeServer } from '@tests/support/server';
import { expect, test } from 'vitest';
import { AgentDrawer } from './AgentDrawer';

const user = (n: number) => ({ id: `u-${n}`, login: `${8000 + n}`, display_name: `Person ${n}` });
const drawer = <AgentDrawer agent={null} skills={[]} desks={[]} queues={[]} known={[]} onClose={() => undefined} />;

test('whoever shall be an agent is found among more users than fit into a list', async () => {
  const all = Array.from({ length: 300 }, (_, n) => user(n));
  new FakeServer().on('GET /api/v1/users', (_, url) => {
    const q = url.searchParams.get('q') ?? '';
    return { body: { items: all.filter(({ display_name }) => display_name.includes(q)).slice(0, 50), next: null } };
  });
  show(drawer);
  const who = await screen.findByRole('combobox', { name: 'User' });
  fireEvent.mouseDown(who);
  fireEvent.change(who, { target: { value: 'Person 299' } });
  expect((await screen.findAllByText('Person 299 8299')).length).toBeGreaterThan(0);
});

test('whoever may not see the users is told so', async () => {
  new FakeServer().on('GET /api/v1/users', () => ({ status: 403, body: { code: 'permission-missing', title: 'no', params: { permission: 'org:read' } } }));
  show(drawer);
  expect(await screen.findByRole('alert')).toBeTruthy();
});

test('what is not changed of an agent stays, the messages they carry too', async () => {
  const agent = { id: 'a-1', number: '8021', display_name: 'Person 21', capacity: { voice: 1, chat: 3, message: 2 }, skills: {}, queues: null, desk_id: null, active: true, version: 4 };
  const SAVE = 'PUT /api/v1/agents/a-1';
  const server = new FakeServer().on(SAVE, agent);
  show(<AgentDrawer agent={agent} skills={[]} desks={[]} queues={[]} known={[agent]} onClose={() => undefined} />);
  fireEvent.click(await screen.findByRole('button', { name: 'Save' }));
  await expect.poll(() => server.sentTo(SAVE)).toEqual([expect.objectContaining({ capacity: { voice: 1, chat: 3, message: 2 }, version: 4 })]);
});
