import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { alertChoice } from './choice';
import { Bell } from './chime';
import { claim, showFront } from './claim';
import { askToNotify, notify } from './notification';

/** The locks of a browser, as far as they are used here; all tabs of the browser share them. */
class FakeLocks {
  readonly held = new Map<string, number>();

  readonly query = () => Promise.resolve({ held: [...this.held.keys()].map((name) => ({ name })) });

  readonly request = async (name: string, options: { ifAvailable?: boolean; mode?: string; signal?: AbortSignal }, work: (lock: object | null) => unknown) => {
    if (options.ifAvailable === true && this.held.has(name)) return work(null);
    this.held.set(name, (this.held.get(name) ?? 0) + 1);
    await work({ name });
    this.held.delete(name);
  };
}

let focused = true;
let locks: FakeLocks;
beforeEach(() => {
  vi.useFakeTimers();
  locks = new FakeLocks();
  vi.stubGlobal('navigator', { locks });
  vi.spyOn(document, 'hasFocus').mockImplementation(() => focused);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

test('of several tabs that hear of one thing, one tells it', async () => {
  focused = false;
  expect(await Promise.all([claim('o-1'), claim('o-1'), claim('o-2')])).toEqual([true, false, true]);
  await vi.advanceTimersByTimeAsync(5000);
  expect(locks.held.size).toBe(0);
});

test('no other tab tells it while one of them is in front', async () => {
  focused = true;
  const leave = showFront();
  focused = false;
  expect(await claim('o-1')).toBe(false);
  window.dispatchEvent(new Event('blur'));
  await vi.advanceTimersByTimeAsync(0);
  expect(await claim('o-1')).toBe(true);
  leave();
});

test('a browser without locks tells it in every tab', async () => {
  vi.stubGlobal('navigator', {});
  expect([await claim('o-1'), await claim('o-1')]).toEqual([true, true]);
});

class FakeAudio {
  state = 'suspended';
  currentTime = 10;
  destination = {};
  readonly begun: number[] = [];
  resume = () => {
    this.state = 'running';
    return Promise.resolve();
  };
  createGain = () => ({ gain: { value: 0, setValueAtTime: () => 0, linearRampToValueAtTime: () => 0 }, connect: (to: unknown) => to, disconnect: () => this.begun.splice(0) });
  createOscillator = () => ({ frequency: { value: 0 }, connect: (to: unknown) => to, start: (at: number) => this.begun.push(at), stop: () => 0 });
}

test('a bell is silent until it is unlocked, then rings on the clock of the sound for as long as was said', async () => {
  const audio = new FakeAudio();
  const bell = new Bell(() => audio as unknown as AudioContext);
  expect(bell.ring('o-1', 'message')).toBe(false);
  await bell.unlock();
  expect(bell.ring('o-1', 'message', 7)).toBe(true);
  expect(audio.begun).toEqual([10, 13, 16]);
  bell.stop('o-1');
  expect(audio.begun).toEqual([]);
});

test('a browser that gives no sound breaks nothing', async () => {
  const bell = new Bell(() => {
    throw new Error('no device');
  });
  await bell.unlock();
  expect([bell.isUnlocked(), bell.ring('o-1', 'offer')]).toEqual([false, false]);
});

test('a notification is shown only where it is permitted, and a click opens what it is about', async () => {
  const made: { title: string; options: NotificationOptions; onclick: (() => void) | null; close: () => void }[] = [];
  class FakeNotification {
    static permission = 'default';
    static requestPermission = () => Promise.resolve((FakeNotification.permission = 'granted'));
    onclick: (() => void) | null = null;
    close = vi.fn();
    readonly title: string;
    readonly options: NotificationOptions;
    constructor(title: string, options: NotificationOptions) {
      this.title = title;
      this.options = options;
      made.push(this);
    }
  }
  vi.stubGlobal('Notification', FakeNotification);
  const onClick = vi.fn();
  const words = { title: 'A customer wrote', body: '李*', tag: 'i-1', onClick };
  notify(words);
  expect(made).toEqual([]);
  expect(await askToNotify()).toBe('granted');
  notify(words);
  made[0]?.onclick?.();
  expect([made.length, onClick.mock.calls.length]).toEqual([1, 1]);
});

test('what was chosen is kept for each user, and nonsense in the storage is not believed', () => {
  localStorage.setItem('careline.alerts.u-2', '{"offers":"loud","messages":"never","notify":"yes"}');
  expect(alertChoice('u-2').get()).toEqual({ offers: 'behind', messages: 'never', notify: true });
  alertChoice('u-1').set({ offers: 'always', messages: 'behind', notify: false });
  expect(alertChoice('u-1').get().offers).toBe('always');
  expect(alertChoice('u-2').get().offers).toBe('behind');
});
