import { EventEmitter } from 'node:events';
import { beforeEach, expect, test, vi } from 'vitest';
import { Softphone } from './softphone';

class FakeSession extends EventEmitter {
  direction = 'incoming';
  done: string[] = [];
  isEnded = () => false;
  answer = () => this.done.push('answer');
  terminate = (options?: { status_code: number }) => this.done.push(`terminate ${options?.status_code ?? ''}`);
  mute = () => this.done.push('mute');
  unmute = () => this.done.push('unmute');
  hold = () => this.done.push('hold');
  unhold = () => this.done.push('unhold');
  sendDTMF = (key: string, options: { transportType?: string }) => this.done.push(`key ${key} as ${options.transportType}`);
}

const { agents } = vi.hoisted(() => ({ agents: [] as { config: Record<string, unknown>; emit: (name: string, event?: unknown) => boolean }[] }));

vi.mock('jssip', async () => {
  const { EventEmitter: Emitter } = await import('node:events');
  class UA extends Emitter {
    config: Record<string, unknown>;
    constructor(config: Record<string, unknown>) {
      super();
      this.config = config;
      agents.push(this);
    }
    start = () => undefined;
    stop = () => undefined;
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
const ua = () => agents[agents.length - 1] as (typeof agents)[number];
function ring(ref?: string): FakeSession {
  const session = new FakeSession();
  ua().emit('newRTCSession', { session, request: { getHeader: (name: string) => (name === 'X-Call-Ref' ? ref : undefined) } });
  return session;
}

beforeEach(async () => {
  vi.stubGlobal('Audio', class {
    autoplay = false;
  });
  phone = new Softphone();
  await phone.start({ endpoint: 'agent-demo-8021', secret: 's', sip_uri: 'sip:agent-demo-8021@careline', sip_path: '/sip' });
});

test('registers over our own origin and says so', () => {
  expect(ua().config).toMatchObject({ uri: 'sip:agent-demo-8021@careline', sockets: [{ url: 'ws://localhost:3000/sip' }] });
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

test('a second call is busy and leaves the first alone', () => {
  const first = ring('o-1');
  const second = ring('o-2');
  expect(second.done).toEqual(['terminate 486']);
  second.emit('failed');
  expect(phone.getState().call?.ref).toBe('o-1');
  expect(first.done).toEqual([]);
});

test('mute and hold are shown as the session confirms them, not as they were asked', () => {
  const session = ring();
  phone.answer();
  session.emit('accepted');
  phone.setMuted(true);
  expect(phone.getState().call?.muted).toBe(false);
  session.emit('muted');
  expect(phone.getState().call?.muted).toBe(true);
  session.emit('hold', { originator: 'remote' });
  expect(phone.getState().call?.held).toBe(false);
  session.emit('hold', { originator: 'local' });
  expect(phone.getState().call?.held).toBe(true);
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
