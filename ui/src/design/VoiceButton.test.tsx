import { act, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { FakeMicrophone } from '@tests/support/microphone';
import { afterEach, expect, test, vi } from 'vitest';
import { VoiceButton } from './VoiceButton';

const loading = vi.hoisted(() => {
  let finish = () => {};
  const finished = new Promise<undefined>((resolve) => {
    finish = () => resolve(undefined);
  });
  return { finish: () => finish(), finished };
});
vi.mock('@/shared/voice/recorder', async (original) => {
  await loading.finished;
  return original();
});

const send = vi.fn();
const button = () => screen.getByRole('button', { name: 'Voice message' });

afterEach(() => vi.unstubAllGlobals());

test('the microphone is not asked for when it is closed before what records was loaded', async () => {
  const microphone = new FakeMicrophone();
  render(<VoiceButton className={undefined} size={18} send={send} />);
  await userEvent.click(button());
  await userEvent.click(button());
  loading.finish();
  await import('@/shared/voice/recorder');
  await userEvent.click(button());
  await expect.poll(() => microphone.questions).toBe(1);
});

test('nothing is recorded for who has closed it before the browser let it listen', async () => {
  loading.finish();
  const microphone = new FakeMicrophone();
  render(<VoiceButton className={undefined} size={18} send={send} />);
  await userEvent.click(button());
  await expect.poll(() => microphone.questions).toBe(1);
  await userEvent.click(button());
  await act(() => microphone.answer(true));
  expect(microphone.on).toBe(0);
  expect(screen.queryByRole('group')).toBeNull();
});

test('nothing is recorded for a page that was left meanwhile', async () => {
  loading.finish();
  const microphone = new FakeMicrophone();
  const page = render(<VoiceButton className={undefined} size={18} send={send} />);
  await userEvent.click(button());
  await expect.poll(() => microphone.questions).toBe(1);
  page.unmount();
  await act(() => microphone.answer(true));
  expect(microphone.on).toBe(0);
});

test('a recording that was thrown away is not there to be sent', async () => {
  loading.finish();
  const microphone = new FakeMicrophone();
  render(<VoiceButton className={undefined} size={18} send={send} />);
  await userEvent.click(button());
  await act(() => microphone.answer(true));
  expect(microphone.on).toBe(1);
  await userEvent.click(screen.getByRole('button', { name: 'Discard' }));
  expect(microphone.on).toBe(0);
  expect(screen.queryByRole('group')).toBeNull();
});
