import { useQuery } from '@tanstack/react-query';
import { screen } from '@testing-library/react';
import { FakeLine } from '@tests/support/live';
import { show } from '@tests/support/screen';
import { FakeServer } from '@tests/support/server';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { agentStateQuery } from '../api/agentState';
import { inboxQuery } from '../api/inbox';
import { useAgentTopic } from './useAgentTopic';
import { useChooseState } from './useChooseState';

const INBOX = 'GET /api/v1/inbox';
const STATE = 'GET /api/v1/agent-state';
const TOPIC = 'agent:u-1';
const HANDLERS = { interactionChanged: () => undefined, stateChanged: () => undefined, offerMade: () => undefined, offerGone: () => undefined };
const inbox = (...offers: string[]) => ({ offers: offers.map((id) => ({ id })), mine: [] });
const state = (chosen: string, word: string = chosen) => ({ agent_id: 'u-1', chosen, reason: null, state: word, since: '2026-01-02T00:00:00Z', media: {} });

let server: FakeServer;
let line: FakeLine;

function Desk() {
  useAgentTopic('u-1', HANDLERS);
  const held = useQuery(inboxQuery);
  const mine = useQuery(agentStateQuery);
  const choose = useChooseState();
  return (
    <>
      <p role="status">
        {held.data?.offers.map(({ id }) => id).join(' ')} {mine.data?.chosen} {mine.data?.state}
      </p>
      <button onClick={() => choose.mutate({ chosen: 'ready', reason: null })}>ready</button>
    </>
  );
}

const seen = () => screen.getByRole('status').textContent;
const askedFor = (route: string) => server.asked.filter((asked) => asked.route === route).length;

beforeEach(() => {
  line = new FakeLine();
  server = new FakeServer().on(INBOX, inbox('first')).on(STATE, state('offline'));
});
afterEach(() => line.stop());

test('an offer that was made while the inbox was being fetched stays', async () => {
  const { queries } = show(line.wrap(<Desk />));
  await expect.poll(seen).toBe('first offline offline');
  const old = server.late(INBOX, inbox('first'));
  void queries.invalidateQueries({ queryKey: inboxQuery.queryKey });
  await expect.poll(() => askedFor(INBOX)).toBe(2);
  server.on(INBOX, inbox('first', 'second'));
  line.tell(TOPIC, 'offer.made', { id: 'second' });
  old.release();
  await expect.poll(() => askedFor(INBOX)).toBe(3);
  await expect.poll(() => queries.isFetching()).toBe(0);
  expect(seen()).toBe('first second offline offline');
});

test('an offer that was made before the first answer is there', async () => {
  const old = server.late(INBOX, inbox());
  const { queries } = show(line.wrap(<Desk />));
  await expect.poll(() => askedFor(INBOX)).toBe(1);
  server.on(INBOX, inbox('second'));
  line.tell(TOPIC, 'offer.made', { id: 'second' });
  old.release();
  await expect.poll(seen).toBe('second offline offline');
  await expect.poll(() => queries.isFetching()).toBe(0);
  expect(seen()).toBe('second offline offline');
});

test('my state is what the last event said, not what was asked for before it', async () => {
  const old = server.late(STATE, state('offline'));
  const { queries } = show(line.wrap(<Desk />));
  await expect.poll(() => askedFor(STATE)).toBe(1);
  line.tell(TOPIC, 'agent_state.changed', state('ready', 'reserved'));
  old.release();
  await expect.poll(seen).toBe('first ready reserved');
  await expect.poll(() => queries.isFetching()).toBe(0);
  expect(seen()).toBe('first ready reserved');
});

test('the answer to a choice is not put over what happened since', async () => {
  const { queries } = show(line.wrap(<Desk />));
  await expect.poll(seen).toBe('first offline offline');
  const answer = server.late('PUT /api/v1/agent-state', state('ready', 'ready'));
  screen.getByRole('button').click();
  await expect.poll(() => askedFor('PUT /api/v1/agent-state')).toBe(1);
  server.on(STATE, state('ready', 'reserved'));
  line.tell(TOPIC, 'agent_state.changed', state('ready', 'reserved'));
  answer.release();
  await expect.poll(() => queries.isMutating()).toBe(0);
  await expect.poll(() => queries.isFetching()).toBe(0);
  expect(seen()).toBe('first ready reserved');
});

test('a choice that the server refused is taken back, unless an event has said how it is since', async () => {
  server.on('PUT /api/v1/agent-state', () => ({ status: 409, body: { code: 'x', title: '' } }));
  const { queries } = show(line.wrap(<Desk />));
  await expect.poll(seen).toBe('first offline offline');
  server.on(STATE, () => ({ status: 404, body: {} }));
  screen.getByRole('button').click();
  await expect.poll(() => queries.isMutating()).toBe(0);
  await expect.poll(seen).toBe('first offline offline');
});
