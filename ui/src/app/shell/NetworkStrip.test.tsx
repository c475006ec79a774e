import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { FakeLine } from '@tests/support/live';
import { expect, test } from 'vitest';
import { NetworkStrip } from './NetworkStrip';

test('says that something is not live, and asks for it again when told to', async () => {
  const line = new FakeLine();
  line.client.subscribe('floor', { event: () => undefined, reset: () => undefined });
  render(line.wrap(<NetworkStrip />));
  line.say({ t: 'welcome', epoch: 'e', heartbeat_s: 15 });
  expect(screen.getByRole('status').textContent).toBe('');
  for (let refused = 0; refused < 2; refused += 1) line.say({ t: 'err', id: null, topic: 'floor', code: 'topic-refused', params: {} });
  expect(screen.getByRole('status').textContent).toContain('not updated live');
  const asked = line.sent.length;
  await userEvent.click(screen.getByRole('button', { name: 'Try now' }));
  // On a busy machine a sign of life may have been asked for meanwhile.
  expect(line.sent.slice(asked).filter(({ t }) => t !== 'ping')).toEqual([{ t: 'sub', topic: 'floor', from: null }]);
  line.say({ t: 'subbed', topic: 'floor', position: '1' });
  expect(screen.getByRole('status').textContent).toBe('');
  line.stop();
});
