import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { show } from '@tests/support/screen';
import { FakeServer } from '@tests/support/server';
import { beforeEach, expect, test } from 'vitest';
import { AgentActions } from './AgentActions';

const agent = { id: 'a-1', name: 'He Siyi', inHand: 2 };
const SET = 'PUT /api/v1/floor/agents/a-1/state';
const OUT = 'POST /api/v1/floor/agents/a-1/sign-out';
const now = { agent_id: 'a-1', chosen: 'not_ready', reason: 'meeting', state: 'not_ready' };

let server: FakeServer;
const note = () => screen.getByRole('textbox', { name: 'Words to the agent' });

const write = async (words: string) => {
  await userEvent.click(note());
  await userEvent.paste(words);
};

beforeEach(() => {
  server = new FakeServer().on(SET, now).on(OUT, { ...now, chosen: 'offline', reason: null, state: 'offline' });
});

test('a state is set with words that the agent reads', async () => {
  show(<AgentActions agent={agent} />);
  await write(' Team meeting ');
  await userEvent.click(screen.getByRole('button', { name: 'Set' }));
  await expect.poll(() => server.sentTo(SET)).toEqual([{ chosen: 'not_ready', reason: 'meeting', note: 'Team meeting' }]);
});

test('without words nothing is sent, and the field says why', async () => {
  show(<AgentActions agent={agent} />);
  await userEvent.click(screen.getByRole('button', { name: 'Set' }));
  expect(await screen.findByText(/the agent reads it/)).toBeTruthy();
  expect(server.sentTo(SET)).toEqual([]);
});

test('what is refused is said and what was written stays', async () => {
  server.on(SET, () => ({ status: 403, body: { code: 'outside-your-scope', title: '' } }));
  show(<AgentActions agent={agent} />);
  await write('Break');
  await userEvent.click(screen.getByRole('button', { name: 'Set' }));
  expect(await screen.findByRole('alert')).toBeTruthy();
  expect(note()).toHaveProperty('value', 'Break');
});

test('signing out asks with the name and with what is in hand', async () => {
  show(<AgentActions agent={agent} />);
  await write('Went home');
  await userEvent.click(screen.getByRole('button', { name: 'Sign out' }));
  expect(await screen.findAllByText('Sign He Siyi out?')).not.toEqual([]);
  expect(screen.getByText(/Contacts in hand: 2/)).toBeTruthy();
  expect(server.sentTo(OUT)).toEqual([]);
  const sure = screen.getAllByRole('button', { name: 'Sign out' }).at(-1);
  if (sure === undefined) throw new Error('nothing asks');
  await userEvent.click(sure);
  await expect.poll(() => server.sentTo(OUT)).toEqual([{ note: 'Went home' }]);
});
