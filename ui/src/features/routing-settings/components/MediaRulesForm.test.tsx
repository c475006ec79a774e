import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { show } from '@tests/support/screen';
import { FakeServer } from '@tests/support/server';
import { expect, test } from 'vitest';
import { MediaRulesForm } from './MediaRulesForm';

const known = { call_beside_chats: true, message_interrupted_by: ['voice'], message_beside_after_s: 100, version: 3 };

test('a time that was set in seconds is shown as it is, and stays the same when it was only looked at', async () => {
  const server = new FakeServer().on('GET /api/v1/media-rules', known).on('PUT /api/v1/media-rules', { ...known, version: 4 });
  show(<MediaRulesForm />, ['routing:manage']);
  const field = await screen.findByRole<HTMLInputElement>('spinbutton');
  expect(field.value).toBe('1.67');
  expect(screen.getByText(/1\.67/)).toBeTruthy();
  await userEvent.click(field);
  await userEvent.tab();
  await userEvent.click(screen.getByRole('button', { name: 'Save' }));
  await expect.poll(() => server.sentTo('PUT /api/v1/media-rules')).toMatchObject([{ message_beside_after_s: 100, version: 3 }]);
});

test('half a minute is thirty seconds', async () => {
  const server = new FakeServer().on('GET /api/v1/media-rules', known).on('PUT /api/v1/media-rules', { ...known, version: 4 });
  show(<MediaRulesForm />, ['routing:manage']);
  const field = await screen.findByRole('spinbutton');
  await userEvent.clear(field);
  await userEvent.type(field, '2.5');
  await userEvent.click(screen.getByRole('button', { name: 'Save' }));
  await expect.poll(() => server.sentTo('PUT /api/v1/media-rules')).toMatchObject([{ message_beside_after_s: 150 }]);
});
