import { act } from '@testing-library/react';
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
