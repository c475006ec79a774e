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

/** A recording that is long enough, stopped; what stands there then is what is listened to. */
async function recorded(): Promise<FakeMicrophone> {
  const microphone = new FakeMicrophone();
  recordVoice(place, WORDS, () => undefined);
  await microphone.answer(true);
  now += 5000;
  press('stop');
  return microphone;
}
const press = (label: string) => [...place.querySelectorAll('button')].find(({ textContent }) => textContent === label)?.click();
let now = 0;

test('what is taken away amid a recording takes nothing away that stands there since, and the microphone is off', async () => {
  const microphone = new FakeMicrophone();
  recordVoice(place, WORDS, () => undefined);
  await microphone.answer(true);
  place.replaceChildren('of the next one');
  await expect.poll(() => microphone.on).toBe(0);
  expect(place.textContent).toBe('of the next one');
});

test('a recording that was taken away while it ended is not put up for the next one', async () => {
  vi.spyOn(performance, 'now').mockImplementation(() => now);
  await recorded();
  place.replaceChildren();
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(place.childElementCount).toBe(0);
});

test('a recording that is taken away falls silent, and its address is worth nothing', async () => {
  vi.spyOn(performance, 'now').mockImplementation(() => now);
  const revoke = vi.fn();
  vi.stubGlobal('URL', Object.assign(URL, { createObjectURL: () => 'blob:1', revokeObjectURL: revoke }));
  await recorded();
  await expect.poll(() => place.querySelector('audio')).not.toBeNull();
  const pause = vi.spyOn(place.querySelector('audio') as HTMLAudioElement, 'pause').mockImplementation(() => undefined);
  expect(revoke).not.toHaveBeenCalled();
  place.replaceChildren();
  await expect.poll(() => revoke.mock.calls).toEqual([['blob:1']]);
  expect(pause).toHaveBeenCalledTimes(1);
});
