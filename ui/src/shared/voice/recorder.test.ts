import { FakeMicrophone } from '@tests/support/microphone';
import { afterEach, expect, test, vi } from 'vitest';
import { NoMicrophone, VoiceRecorder } from './recorder';

afterEach(() => vi.unstubAllGlobals());

test('what cannot be recorded lets the microphone go', async () => {
  const microphone = new FakeMicrophone({ broken: true });
  const begun = VoiceRecorder.start(() => undefined).catch((error: unknown) => error);
  await microphone.answer(true);
  expect(await begun).toBeInstanceOf(NoMicrophone);
  expect(microphone.on).toBe(0);
});

test('what is stopped is let go', async () => {
  const microphone = new FakeMicrophone();
  const begun = VoiceRecorder.start(() => undefined);
  await microphone.answer(true);
  const recorder = await begun;
  expect(microphone.on).toBe(1);
  await recorder.stop();
  expect(microphone.on).toBe(0);
});
