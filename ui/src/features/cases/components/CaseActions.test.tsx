import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { FakeLine } from '@tests/support/live';
import { show } from '@tests/support/screen';
import { FakeServer } from '@tests/support/server';
import { beforeEach, expect, test } from 'vitest';
import type { Case } from '@/shared/api/generated/types.gen';
import { caseQuery } from '../api/cases';
import { CaseActions } from './CaseActions';
import { CaseDetail } from './CaseDetail';

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
  server = new FakeServer().on('GET /api/v1/assignees', { items: [{ id: 'u-1', name: 'Chen Xiaolan', number: '8021' }] });
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

test('a double click is one change', async () => {
  const answer = server.late('POST /api/v1/cases/c-1/assign', item);
  const { queries } = show(<CaseActions item={item} />);
  await userEvent.dblClick(await screen.findByRole('button', { name: 'I take it' }));
  answer.release();
  await expect.poll(() => queries.isMutating()).toBe(0);
  expect(server.sentTo('POST /api/v1/cases/c-1/assign')).toHaveLength(1);
});

test('what was written while the answer was on its way stays', async () => {
  const answer = server.late('POST /api/v1/cases/c-1/comment', item);
  show(<CaseActions item={item} />);
  await userEvent.type(text(), 'Called');
  await userEvent.click(screen.getByRole('button', { name: 'Comment only' }));
  await expect.poll(() => server.sentTo('POST /api/v1/cases/c-1/comment')).toEqual([{ text: 'Called' }]);
  await userEvent.type(text(), ', nobody there');
  answer.release();
  expect(await screen.findByText('Written down')).toBeTruthy();
  expect(text().value).toBe('Called, nobody there');
});

test('what was written is there when the case is opened again', async () => {
  const { unmount } = show(<CaseActions item={item} />);
  await userEvent.type(text(), 'Called');
  unmount();
  show(<CaseActions item={item} />);
  expect(text().value).toBe('Called');
});

test('a case that cannot be fetched again stays, with what is being written', async () => {
  const line = new FakeLine();
  server.on('GET /api/v1/cases/c-1', item);
  const { queries } = show(line.wrap(<CaseDetail caseId="c-1" />), ['case:write']);
  await userEvent.type(await screen.findByRole('textbox', { name: 'Explanation' }), 'Called');
  server.on('GET /api/v1/cases/c-1', () => ({ status: 400, body: { code: 'x', title: '' } }));
  line.tell('case:c-1', 'case.changed', { id: 'c-1', version: 4 });
  await expect.poll(() => queries.getQueryState(caseQuery('c-1').queryKey)?.status).toBe('error');
  expect(text().value).toBe('Called');
  line.stop();
});
