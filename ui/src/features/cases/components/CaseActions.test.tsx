import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { show } from '@tests/support/screen';
import { FakeServer } from '@tests/support/server';
import { beforeEach, expect, test } from 'vitest';
import type { Case } from '@/shared/api/generated/types.gen';
import { CaseActions } from './CaseActions';

const item: Case = {
  id: 'c-1',
  number: 'GD20260102-0001',
  type: 'fault',
  title: 'No broadband',
  text: 'Since Monday',
  state: 'in_progress',
  may_become: ['resolved', 'open'],
  assignee: null,
  customer: null,
  interaction_id: null,
  created_at: '2026-01-02T00:00:00Z',
  created_by: null,
  changed_at: '2026-01-02T00:00:00Z',
  version: 3,
  history: [],
};

let server: FakeServer;
const text = () => screen.getByRole<HTMLTextAreaElement>('textbox', { name: 'Explanation' });

beforeEach(() => {
  server = new FakeServer().on('GET /api/v1/assignees', { items: [{ id: 'u-1', name: 'Chen Xiaolan' }] });
  server.on('POST /api/v1/cases/c-1/state', item).on('POST /api/v1/cases/c-1/comment', item).on('POST /api/v1/cases/c-1/assign', item);
});

test('moves with the version that was seen and with what was written, which then is gone', async () => {
  show(<CaseActions item={item} />);
  await userEvent.type(text(), ' Line repaired ');
  await userEvent.click(screen.getByRole('button', { name: 'Resolved' }));
  await expect.poll(() => server.sentTo('POST /api/v1/cases/c-1/state')).toEqual([{ state: 'resolved', version: 3, text: 'Line repaired' }]);
  await expect.poll(() => text().value).toBe('');
});

test('no words are none, not empty ones; a comment needs some', async () => {
  show(<CaseActions item={item} />);
  expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Comment only' }).disabled).toBe(true);
  await userEvent.click(screen.getByRole('button', { name: 'Back to open' }));
  await expect.poll(() => server.sentTo('POST /api/v1/cases/c-1/state')).toEqual([{ state: 'open', version: 3, text: null }]);
});

test('when somebody was faster it says so and keeps what was written', async () => {
  server.on('POST /api/v1/cases/c-1/state', () => ({ status: 409, body: { code: 'case-changed', title: '' } }));
  show(<CaseActions item={item} />);
  await userEvent.type(text(), 'Line repaired');
  await userEvent.click(screen.getByRole('button', { name: 'Resolved' }));
  expect(await screen.findByText(/Somebody has just changed this case/)).toBeTruthy();
  expect(text().value).toBe('Line repaired');
});

test('who may hold cases can take one', async () => {
  show(<CaseActions item={item} />);
  await userEvent.click(await screen.findByRole('button', { name: 'I take it' }));
  await expect.poll(() => server.sentTo('POST /api/v1/cases/c-1/assign')).toEqual([{ assignee_id: 'u-1', version: 3 }]);
});
