import { act, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { show } from '@tests/support/screen';
import { FakeServer } from '@tests/support/server';
import { expect, test } from 'vitest';
import { ListenDrawer } from './ListenDrawer';

const drawer = (interactionId: string | null) => <ListenDrawer interactionId={interactionId} title="He Siyi" mayTakeOver={false} onClose={() => undefined} chat={() => null} />;

test('who closes it before it has opened leaves after they have come', async () => {
  const server = new FakeServer().on('DELETE /api/v1/floor/chats/i-1/presence', () => ({ status: 204 }));
  const coming = server.late('PUT /api/v1/floor/chats/i-1/presence', { presence: 'listening' });
  const routes = () => server.asked.map(({ route }) => route.split(' ')[0]);
  const page = show(drawer('i-1'));
  await expect.poll(routes).toEqual(['PUT']);
  page.unmount();
  await act(() => new Promise((resolve) => setTimeout(resolve, 20)));
  expect(routes()).toEqual(['PUT']);
  coming.release();
  await expect.poll(routes).toEqual(['PUT', 'DELETE']);
});

test('what was tried last is told, and whose own desk is not ready learns how to take it over', async () => {
  const server = new FakeServer()
    .on('PUT /api/v1/floor/chats/i-1/presence', { conversation_id: 'c-1', interaction_id: 'i-1', presence: 'listening' })
    .on('DELETE /api/v1/floor/chats/i-1/presence', () => ({ status: 204 }))
    .on('POST /api/v1/floor/chats/i-1/take-over', () => ({ status: 409, body: { code: 'transfer-agent-away', title: 'no', params: { name: 'Zhou Wenjing' } } }));
  show(<ListenDrawer interactionId="i-1" title="He Siyi" mayTakeOver onClose={() => undefined} chat={() => null} />);
  await screen.findByRole('button', { name: 'Take over' });
  server.on('PUT /api/v1/floor/chats/i-1/presence', () => ({ status: 409, body: { code: 'chat-over', title: 'no' } }));
  await userEvent.click(screen.getByText('Whisper'));
  expect((await screen.findByRole('alert')).textContent).toContain('chat-over');
  await userEvent.click(screen.getByRole('button', { name: 'Take over' }));
  expect(await screen.findByText(/be ready, with room for one more chat/)).toBeTruthy();
  expect(screen.getAllByRole('alert')).toHaveLength(1);
  expect(screen.queryByText(/Zhou Wenjing cannot take it/)).toBeNull();
  await userEvent.click(screen.getByRole('button', { name: 'Got it' }));
  await expect.poll(() => screen.queryByRole('alert')).toBeNull();
});
