import { act, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { RealtimeClient } from '@/shared/realtime/client';
import type { ClientFrame, ServerFrame } from '@/shared/realtime/frames';
import { RealtimeContext } from '@/shared/realtime/RealtimeContext';
import { NetworkStrip } from './NetworkStrip';

class FakeSocket {
  readyState: number = WebSocket.OPEN;
  sent: ClientFrame[] = [];
  onopen: (() => void) | null = null;
  onmessage: ((message: { data: string }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;
  send = (text: string) => this.sent.push(JSON.parse(text) as ClientFrame);
  close = () => undefined;
  say = (frame: ServerFrame) => act(() => this.onmessage?.({ data: JSON.stringify(frame) }));
}

test('says that something is not live, and asks for it again when told to', async () => {
  const socket = new FakeSocket();
  const client = new RealtimeClient({ url: 'ws://test/rt/v1', openSocket: () => socket as unknown as WebSocket });
  client.start();
  client.subscribe('floor', { event: () => undefined, reset: () => undefined });
  render(
    <RealtimeContext value={client}>
      <NetworkStrip />
    </RealtimeContext>,
  );
  socket.say({ t: 'welcome', epoch: 'e', heartbeat_s: 15 });
  expect(screen.getByRole('status').textContent).toBe('');
  for (let refused = 0; refused < 2; refused += 1) socket.say({ t: 'err', id: null, topic: 'floor', code: 'topic-refused', params: {} });
  expect(screen.getByRole('status').textContent).toContain('not updated live');
  const asked = socket.sent.length;
  await userEvent.click(screen.getByRole('button', { name: 'Try now' }));
  expect(socket.sent.slice(asked)).toEqual([{ t: 'sub', topic: 'floor', from: null }]);
  socket.say({ t: 'subbed', topic: 'floor', position: '1' });
  expect(screen.getByRole('status').textContent).toBe('');
  client.stop();
});
