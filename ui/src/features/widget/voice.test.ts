import { FakeMicrophone } from '@tests/support/microphone';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { recordVoice, type VoiceWords } from './voice';

const WORDS: VoiceWords = { asking: 'asking', refused: 'refused', stop: 'stop', send: 'send', discard: 'discard', level: 'level', play: 'play', pause: 'pause', lost: 'lost' };
let place: HTMLElement;
let panel: HTMLElement;

beforeEach(() => {
  place = document.createElement('div');
  panel = document.createElement('section');
  panel.append(place);
  document.body.append(panel);
});

afterEach(() => {
  panel.remove();
  vi.unstubAllGlobals();
});

test('nothing is recorded behind a panel that was closed', async () => {
  const microphone = new FakeMicrophone();
  recordVoice(place, WORDS, () => undefined);
  panel.hidden = true;
  await microphone.answer(true);
  expect(microphone.on).toBe(0);
  expect(place.childElementCount).toBe(0);
});

test('who closes the panel amid a recording is heard no more', async () => {
  const microphone = new FakeMicrophone();
  recordVoice(place, WORDS, () => undefined);
  await microphone.answer(true);
  expect(microphone.on).toBe(1);
  panel.hidden = true;
  await expect.poll(() => microphone.on).toBe(0);
  expect(place.childElementCount).toBe(0);
});

test('the question can be taken back', async () => {
  const microphone = new FakeMicrophone();
  recordVoice(place, WORDS, () => undefined);
  [...place.querySelectorAll('button')].find(({ textContent }) => textContent === 'discard')?.click();
  await microphone.answer(true);
  expect(microphone.on).toBe(0);
  expect(place.childElementCount).toBe(0);
});
