import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { show } from '@tests/support/screen';
import { FakeServer } from '@tests/support/server';
import { beforeEach, expect, test } from 'vitest';
import { SoftphoneContext } from '../hooks/useSoftphone';
import { Softphone, type PhoneState } from '../model/softphone';
import { CallBar } from './CallBar';

const END = 'POST /api/v1/interactions/i-1/end';
let server: FakeServer;
let phone: Softphone;
let done: string[];

function talkingIn(ref: string) {
  const call = { ref, phase: 'talking', muted: false, held: false, quality: null } as const;
  const state: PhoneState = { registration: 'registered', call, microphoneRefused: false };
  phone.getState = () => state;
  show(
    <SoftphoneContext value={phone}>
      <CallBar interactionId="i-1" />
    </SoftphoneContext>,
  );
}

beforeEach(() => {
  server = new FakeServer().on(END, () => ({ status: 204 }));
  phone = new Softphone(() => Promise.reject(new Error('not asked for')));
  done = [];
  phone.hangUp = () => void done.push('hang up');
  phone.setMuted = (muted) => void done.push(`muted ${muted}`);
  phone.setHeld = (held) => void done.push(`held ${held}`);
});

test('acts on the call on the line when that is the one shown', async () => {
  talkingIn('i-1');
  await userEvent.keyboard('{F4}{F8}{Shift>}{F8}{/Shift}');
  expect(done, 'the server lets go of the line').toEqual(['muted true', 'held true', 'muted true']);
  await expect.poll(() => server.sentTo(END)).toHaveLength(1);
});

test('who hangs up is heard no more, even if the server cannot be asked', async () => {
  server.on(END, () => ({ status: 503, body: { code: 'busy' } }));
  talkingIn('i-1');
  await userEvent.keyboard('{Shift>}{F8}{/Shift}');
  await expect.poll(() => done).toEqual(['muted true', 'hang up']);
});

test('who hangs up is heard no more while the server has not answered yet', async () => {
  server.late(END, {});
  talkingIn('i-1');
  await userEvent.keyboard('{Shift>}{F8}{/Shift}');
  expect(done).toEqual(['muted true']);
});

test('leaves another call on the line alone: the one shown is ended by the server', async () => {
  talkingIn('i-2');
  expect(screen.getByRole<HTMLButtonElement>('button', { name: /Mute/ }).disabled).toBe(true);
  await userEvent.keyboard('{F4}{F8}{Shift>}{F8}{/Shift}');
  expect(done).toEqual([]);
  await expect.poll(() => server.sentTo(END)).toHaveLength(1);
});
