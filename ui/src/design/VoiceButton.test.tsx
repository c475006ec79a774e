import { act, fireEvent, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { FakeMicrophone } from '@tests/support/microphone';
import { afterEach, expect, test, vi } from 'vitest';
import { VoiceButton } from './VoiceButton';

/** What records is loaded anew, and not before the test says so. */
function slowToLoad(): () => void {
  let finish = () => {};
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });
  vi.resetModules();
  vi.doMock('@/shared/voice/recorder', async (original) => {
    await finished;
    return original();
  });
  return finish;
}

const send = vi.fn();
const button = () => screen.getByRole('button', { name: 'Voice message' });

afterEach(() => {
  vi.doUnmock('@/shared/voice/recorder');
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

test('the microphone is not asked for when it is closed before what records was loaded', async () => {
  const finishLoading = slowToLoad();
  const microphone = new FakeMicrophone();
  render(<VoiceButton className={undefined} size={18} send={send} />);
  await userEvent.click(button());
  await userEvent.click(button());
  finishLoading();
  await userEvent.click(button());
  // A question of who had closed it would have come first, and would have got this answer.
  await act(() => microphone.answer(true));
  expect(await screen.findByRole('button', { name: 'Done' })).toBeTruthy();
  expect(microphone.questions).toBe(0);
});

test('nothing is recorded for who has closed it before the browser let it listen', async () => {
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
  const microphone = new FakeMicrophone();
  const page = render(<VoiceButton className={undefined} size={18} send={send} />);
  await userEvent.click(button());
  await expect.poll(() => microphone.questions).toBe(1);
  page.unmount();
  await act(() => microphone.answer(true));
  expect(microphone.on).toBe(0);
});

test('a recording that was thrown away is not there to be sent', async () => {
  const microphone = new FakeMicrophone();
  render(<VoiceButton className={undefined} size={18} send={send} />);
  await userEvent.click(button());
  await act(() => microphone.answer(true));
  expect(microphone.on).toBe(1);
  await userEvent.click(screen.getByRole('button', { name: 'Discard' }));
  expect(microphone.on).toBe(0);
  expect(screen.queryByRole('group')).toBeNull();
});

test('a recording that is ended twice has one address, which goes with it', async () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  const addresses = new Set<string>();
  let made = 0;
  vi.stubGlobal(
    'URL',
    class extends URL {
      static override createObjectURL = () => {
        made += 1;
        addresses.add(`blob:${made}`);
        return `blob:${made}`;
      };
      static override revokeObjectURL = (address: string) => void addresses.delete(address);
    },
  );
  const microphone = new FakeMicrophone();
  render(<VoiceButton className={undefined} size={18} send={send} />);
  await userEvent.click(button());
  await act(() => microphone.answer(true));
  const done = await screen.findByRole('button', { name: 'Done' });
  vi.advanceTimersByTime(1000);
  fireEvent.click(done);
  fireEvent.click(done);
  await userEvent.click(await screen.findByRole('button', { name: 'Send the voice message' }));
  expect(made).toBe(1);
  expect(addresses.size).toBe(0);
});
