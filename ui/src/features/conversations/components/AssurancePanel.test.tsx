import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { show } from '@tests/support/screen';
import { FakeServer } from '@tests/support/server';
import { expect, test } from 'vitest';
import { AssurancePanel } from './AssurancePanel';

const BASE = '/api/v1/interactions/i-1/assurance';
const line = { id: 'l-1', msisdn_masked: '160****6021', brand: 'global_link', status: 'active' };
const claimed = { level: 'claimed', lines: [line], questions: ['plan', 'since'], rounds_left: 2, proofs: [], password_lines: [], new_password_lines: [], password_form: null };
const passed = { id: 'p-1', proof: 'one_time_code', passed: true, at: '2026-01-02T03:04:05Z', asked_by: 'Chen' };

test('a code that fits raises the level, and a wrong one says how often it may be tried', async () => {
  let now: object = claimed;
  const server = new FakeServer()
    .on(`GET ${BASE}`, () => ({ body: now }))
    .on(`POST ${BASE}/code`, { expires_at: '2026-01-02T03:09:05Z', msisdn_masked: '160****6021', delivered: false })
    .on(`POST ${BASE}/code/try`, (body) => {
      const fits = (body as { code: string }).code === '123456';
      if (fits) now = { ...claimed, level: 'one_time_code', proofs: [passed] };
      return { body: { passed: fits, level: fits ? 'one_time_code' : 'claimed', tries_left: fits ? 0 : 2 } };
    });
  show(<AssurancePanel interactionId="i-1" />);
  await userEvent.click(await screen.findByRole('button', { name: 'Send a code' }));
  await userEvent.click(screen.getByRole('button', { name: 'Send the code' }));
  const field = await screen.findByLabelText('The code that the customer reads out');
  expect(screen.getByText(/whether it arrives is not known/)).toBeTruthy();
  await userEvent.type(field, '000000{Enter}');
  expect(await screen.findByText('Not right; 2 more tries.')).toBeTruthy();
  await userEvent.clear(field);
  await userEvent.type(field, '123456{Enter}');

  expect(await screen.findByText('Code fitted')).toBeTruthy();
  expect(await screen.findByText('Code verified')).toBeTruthy();
  await waitFor(() => expect(screen.queryByLabelText('The code that the customer reads out')).toBeNull());
  expect(server.sentTo(`POST ${BASE}/code`)).toEqual([{ subscription_id: 'l-1' }]);
});

test('answers go as they are typed, those left out do not go', async () => {
  const server = new FakeServer()
    .on(`GET ${BASE}`, { ...claimed, questions: ['other_number', 'plan', 'since'] })
    .on(`POST ${BASE}/answers`, { passed: false, level: 'claimed', tries_left: 1 });
  show(<AssurancePanel interactionId="i-1" />);
  await userEvent.click(await screen.findByRole('button', { name: 'Ask questions' }));
  await userEvent.type(screen.getByLabelText('Which plan is it?'), '198');
  expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Check' }).disabled).toBe(true);
  await userEvent.type(screen.getByLabelText('Which year did they join?'), '2015');
  await userEvent.click(screen.getByRole('button', { name: 'Check' }));

  expect(await screen.findByText('That does not prove it.')).toBeTruthy();
  expect(server.sentTo(`POST ${BASE}/answers`)).toEqual([{ answers: { plan: '198', since: '2015' } }]);
});

test('the customer is asked for the password, which is typed elsewhere, and asked no more', async () => {
  const form = { id: 'f-1', subscription_id: 'l-1', purpose: 'enter', msisdn_masked: '160****6021', expires_at: '2999-01-02T03:09:05Z', tries_left: 3 };
  let now: object = { ...claimed, password_lines: [line] };
  const server = new FakeServer()
    .on(`GET ${BASE}`, () => ({ body: now }))
    .on(`POST ${BASE}/password`, () => {
      now = { ...claimed, password_lines: [line], password_form: form };
      return { body: form };
    })
    .on(`DELETE ${BASE}/password/f-1`, () => {
      now = { ...claimed, password_lines: [line] };
      return { status: 204 };
    });
  show(<AssurancePanel interactionId="i-1" />);
  await userEvent.click(await screen.findByRole('button', { name: 'Ask for the password' }));
  expect(screen.queryByRole('button', { name: 'Let them choose a new one' })).toBeNull();
  await userEvent.click(screen.getByRole('button', { name: 'Ask the customer' }));
  expect(await screen.findByText(/Waiting for the service password of 160\*\*\*\*6021.*3 more tries/)).toBeTruthy();
  expect(screen.queryByRole('textbox')).toBeNull();
  expect(server.sentTo(`POST ${BASE}/password`)).toEqual([{ subscription_id: 'l-1' }]);
  await userEvent.click(screen.getByRole('button', { name: 'Ask no more' }));
  expect(await screen.findByRole('button', { name: 'Ask for the password' })).toBeTruthy();
});

test('without a way there is nothing to press', async () => {
  new FakeServer().on(`GET ${BASE}`, { ...claimed, lines: [], questions: [] });
  show(<AssurancePanel interactionId="i-1" />);
  expect(await screen.findByText('Claimed')).toBeTruthy();
  expect(screen.queryByRole('button')).toBeNull();
});
