import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Softphone as Account } from '@/shared/api/generated/types.gen';
import { Problem } from '@/shared/http/problem';
import { Softphone } from './softphone';

class FakeSession extends EventEmitter {
  direction = 'incoming';
  done: string[] = [];
  isEnded = () => false;
  answer = () => this.done.push('answer');
  terminate = (options?: { status_code?: number; extraHeaders?: string[] }) =>
    this.done.push(`terminate ${options?.status_code ?? options?.extraHeaders?.join() ?? ''}`);
  mute = () => this.done.push('mute');
  unmute = () => this.done.push('unmute');
  sendDTMF = (key: string, options: { transportType?: string }) => this.done.push(`key ${key} as ${options.transportType}`);
}

interface FakeAgent {
  config: Record<string, unknown>;
  connected: boolean;
  done: string[];
  emit: (name: string, event?: unknown) => boolean;
}
const { agents } = vi.hoisted(() => ({ agents: [] as FakeAgent[] }));

vi.mock('jssip', async () => {
  const { EventEmitter: Emitter } = await import('node:events');
  class UA extends Emitter {
    config: Record<string, unknown>;
    connected = true;
    done: string[] = [];
    constructor(config: Record<string, unknown>) {
      super();
      this.config = config;
      agents.push(this);
    }
    start = () => this.done.push('start');
    stop = () => this.done.push('stop');
    set = (name: string, value: string) => this.done.push(`${name} ${value}`);
    isConnected = () => this.connected;
    register = () => this.done.push('register');
  }
  class WebSocketInterface {
    url: string;
    constructor(url: string) {
      this.url = url;
    }
  }
  return { UA, WebSocketInterface, C: { DTMF_TRANSPORT: { INFO: 'INFO', RFC2833: 'RFC2833' } } };
});

let phone: Softphone;
let fetchAccount: ReturnType<typeof vi.fn<() => Promise<Account>>>;
const account = (secret: string): Account => ({ endpoint: 'agent-demo-8021', secret, sip_uri: 'sip:agent-demo-8021@careline', sip_path: '/sip' });
const ua = () => agents.at(-1) as FakeAgent;
const registration = () => phone.getState().registration;
function ring(ref?: string): FakeSession {
  const session = new FakeSession();
  ua().emit('newRTCSession', { session, request: { getHeader: (name: string) => (name === 'X-Call-Ref' ? ref : undefined) } });
  return session;
}

beforeEach(async () => {
  vi.stubGlobal('Audio', class {
    autoplay = false;
  });
  vi.useFakeTimers();
  agents.length = 0;
  fetchAccount = vi.fn(() => Promise.resolve(account('s')));
  phone = new Softphone(fetchAccount);
  phone.start();
  await vi.dynamicImportSettled();
});

afterEach(() => {
  phone.stop();
  vi.useRealTimers();
});

test('registers over our own origin and says so', () => {
  expect(ua().config).toMatchObject({ uri: 'sip:agent-demo-8021@careline' });
  expect(ua().config.sockets).toEqual([{ url: expect.stringMatching(/^ws:\/\/localhost:3000\/sip\?page=[0-9a-f-]{36}$/) as string }]);
  expect(phone.getState().registration).toBe('connecting');
  ua().emit('registered');
  expect(phone.getState().registration).toBe('registered');
  ua().emit('disconnected');
  expect(phone.getState().registration).toBe('connecting');
});

test('rings until the agent accepts, never answers by itself', () => {
  const session = ring('o-1');
  expect(phone.getState().call).toMatchObject({ ref: 'o-1', phase: 'ringing' });
  expect(session.done).toEqual([]);
  phone.answer();
  phone.answer();
  expect(session.done).toEqual(['answer']);
  session.emit('accepted');
  expect(phone.getState().call?.phase).toBe('talking');
  session.emit('ended');
  expect(phone.getState().call).toBeNull();
});

test('a page that goes away amid a talk says that it broke, so that the caller is connected again', () => {
  const session = ring();
  phone.leave();
  phone.answer();
  phone.leave();
  expect(session.done, 'what only rings stays, for another tab').toEqual(['answer']);
  session.emit('accepted');
  phone.leave();
  expect(session.done.at(-1)).toBe('terminate Reason: Q.850;cause=41');
});

test('a phone that is stopped amid a talk says that it broke: who signs out has not hung up', () => {
  const session = ring();
  phone.answer();
  session.emit('accepted');
  phone.stop();
  expect(session.done).toEqual(['answer', 'terminate Reason: Q.850;cause=41']);
});

test('a second call is busy and leaves the first alone', () => {
  const first = ring('o-1');
  const second = ring('o-2');
  expect(second.done).toEqual(['terminate 486']);
  second.emit('failed');
  expect(phone.getState().call?.ref).toBe('o-1');
  expect(first.done).toEqual([]);
});

test('mute is shown as the session confirms it, not as it was asked', () => {
  const session = ring();
  phone.answer();
  session.emit('accepted');
  phone.setMuted(true);
  expect(phone.getState().call?.muted).toBe(false);
  session.emit('muted');
  expect(phone.getState().call?.muted).toBe(true);
});

test('a refused microphone is told and forgotten once a call was answered', () => {
  const refused = ring();
  phone.answer();
  refused.emit('getusermediafailed');
  refused.emit('failed');
  expect(phone.getState()).toMatchObject({ call: null, microphoneRefused: true });
  const answered = ring();
  phone.answer();
  answered.emit('accepted');
  expect(phone.getState().microphoneRefused).toBe(false);
});

test('keys are pressed in the audio, in the order in which they were pressed', async () => {
  const session = ring();
  phone.answer();
  session.emit('accepted');
  await Promise.all(['1', '#'].map((key) => phone.sendKey(key)));
  expect(session.done).toEqual(['answer', 'key 1 as RFC2833', 'key # as RFC2833']);
});

test('a refused registration is tried again with a secret fetched anew, and no talk ends by it', async () => {
  const session = ring('o-1');
  phone.answer();
  session.emit('accepted');
  fetchAccount.mockResolvedValue(account('new'));
  ua().emit('registrationFailed');
  ua().emit('unregistered');
  expect(registration()).toBe('failed');
  await vi.advanceTimersByTimeAsync(400);
  expect(ua().done).toEqual(['start', 'password new', 'register']);
  ua().emit('registered');
  expect(registration()).toBe('registered');
  expect(agents).toHaveLength(1);
  expect(session.done).toEqual(['answer']);
});

test('a connection that is coming back registers by itself, with the new secret', async () => {
  ua().connected = false;
  ua().emit('registrationFailed');
  await vi.advanceTimersByTimeAsync(400);
  expect(ua().done).toEqual(['start', 'password s']);
});

test('a server that goes on refusing is asked less and less often, and soon again after it has agreed', async () => {
  vi.spyOn(Math, 'random').mockReturnValue(1);
  const refused = async (wait: number) => {
    fetchAccount.mockClear();
    ua().emit('registrationFailed');
    await vi.advanceTimersByTimeAsync(wait - 1);
    expect(fetchAccount).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    expect(fetchAccount).toHaveBeenCalledOnce();
  };
  for (const wait of [400, 800, 1600, 3200, 6400, 12_800, 15_000, 15_000]) await refused(wait);
  ua().emit('registered');
  await refused(400);
});

test('an account that cannot be fetched is asked for again', async () => {
  fetchAccount.mockRejectedValueOnce(new Error('voice-not-ready'));
  phone.stop();
  phone.start();
  await vi.advanceTimersByTimeAsync(0);
  expect(registration()).toBe('failed');
  await vi.advanceTimersByTimeAsync(400);
  expect(ua().done).toEqual(['start']);
});

test('a centre without voice has no phone, and is no trouble', async () => {
  fetchAccount.mockRejectedValueOnce(new Problem(409, 'voice-off', 'Voice is off'));
  phone.stop();
  phone.start();
  await vi.advanceTimersByTimeAsync(0);
  expect(registration()).toBe('off');
  fetchAccount.mockClear();
  await vi.advanceTimersByTimeAsync(3_600_000);
  expect(fetchAccount, 'asked once').not.toHaveBeenCalled();
  phone.askAgain();
  await vi.advanceTimersByTimeAsync(0);
  expect(ua().done, 'a server that was started again has one').toEqual(['start']);
  phone.askAgain();
  expect(fetchAccount).toHaveBeenCalledOnce();
});

test('a stopped phone asks for nothing and shows nothing more', async () => {
  ua().emit('registrationFailed');
  phone.stop();
  ua().emit('disconnected');
  fetchAccount.mockClear();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(fetchAccount).not.toHaveBeenCalled();
  expect(registration()).toBe('off');
});

test('a phone that is stopped while it starts does not register', async () => {
  const other = new Softphone(fetchAccount);
  other.start();
  other.stop();
  await vi.advanceTimersByTimeAsync(0);
  expect(agents).toHaveLength(1);
  expect(other.getState().registration).toBe('off');
});
