import { act, fireEvent, screen } from '@testing-library/react';
import { show } from '@tests/support/screen';
import { FakeServer } from '@tests/support/server';
import { expect, test } from 'vitest';
import type { QueueSettingsShown } from '@/shared/api/generated/types.gen';
import { NEW_QUEUE } from '../api/queues';
import { QueueEditor } from './QueueEditor';

const queue: QueueSettingsShown = { ...NEW_QUEUE, id: 'q-1', version: 3, code: 'fibre', name: 'Fibre faults' };

test('what is typed stays when a list beside it cannot be fetched again', async () => {
  const server = new FakeServer()
    .on('GET /api/v1/queues/q-1', queue)
    .on('GET /api/v1/queues', { items: [queue] })
    .on('GET /api/v1/skills', { items: [] })
    .on('GET /api/v1/calendars', { items: [] });
  const { queries } = show(<QueueEditor queueId="q-1" onLeave={() => undefined} />);
  const name = await screen.findByRole<HTMLInputElement>('textbox', { name: 'Name' });
  fireEvent.change(name, { target: { value: 'Fibre and lines' } });
  server.on('GET /api/v1/skills', () => ({ status: 403, body: { code: 'permission-missing', title: '' } }));
  await act(() => queries.invalidateQueries({ queryKey: ['routing-settings', 'skills'] }));
  expect(screen.getByRole<HTMLInputElement>('textbox', { name: 'Name' }).value).toBe('Fibre and lines');
});
