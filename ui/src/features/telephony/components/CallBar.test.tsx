import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { show } from '@tests/support/screen';
import { FakeServer } from '@tests/support/server';
import { beforeEach, expect, test } from 'vitest';
import { SoftphoneContext } from '../hooks/useSoftphone';
import { Softphone, type PhoneState } from '../model/softphone';
import { CallBar } from './CallBar';

const END = 'POST /api/v1/interactions/i-1/end';
const HOLD = 'PUT /api/v1/interactions/i-1/hold';
let server: FakeServer;
let phone: Softphone;
let done: string[];

function talkingIn(ref: string, heldSince: string | null = null) {
  const call = { ref, phase: 'talking', muted: false, quality: null } as const;
  const state: PhoneState = { registration: 'registered', call, microphoneRefused: false };
  phone.getState = () => state;
  show(
    <SoftphoneContext value={phone}>
      <CallBar interactionId="i-1" heldSince={heldSince} onTransfer={() => void done.push('transfer')} />
    </SoftphoneContext>,
  );
}

beforeEach(() => {
  server = new FakeServer().on(END, () => ({ status: 204 })).on(HOLD, () => ({ status: 204 }));
  phone = new Softphone(() => Promise.reject(new Error('not asked for')));
  done = [];
  phone.hangUp = () => void done.push('hang up');
  phone.setMuted = (muted) => void done.push(`muted ${muted}`);
});

test('acts on the call on the line when that is the one shown', async () => {
  talkingIn('i-1');
  await userEvent.keyboard('{F4}{F8}{F9}{Shift>}{F8}{/Shift}');
  expect(done, 'the server lets go of the line').toEqual(['muted true', 'transfer', 'muted true']);
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

test('hold is asked of the server once, and shown at once', async () => {
  talkingIn('i-1');
  await userEvent.keyboard('{F8}{F8}');
  await screen.findByText(/On hold/);
  expect(screen.getByRole<HTMLButtonElement>('button', { name: /Resume/ }).getAttribute('aria-pressed')).toBe('true');
  expect(screen.getByRole<HTMLButtonElement>('button', { name: /Keypad/ }).disabled, 'nobody would hear the keys').toBe(true);
  expect(server.sentTo(HOLD)).toEqual([{ held: true }]);
});

test('a hold that was refused is none', async () => {
  server.on(HOLD, () => ({ status: 409, body: { code: 'call-gone' } }));
  talkingIn('i-1');
  await userEvent.keyboard('{F8}');
  await screen.findByText(/The caller has left/);
  expect(screen.queryByText(/On hold/)).toBeNull();
});

test('who is on hold is taken back, also by a tab that is not the phone', async () => {
  talkingIn('i-2', new Date().toISOString());
  expect(screen.getByText(/On hold/)).toBeTruthy();
  await userEvent.keyboard('{F8}');
  await expect.poll(() => server.sentTo(HOLD)).toEqual([{ held: false }]);
});
