import { EventEmitter } from 'node:events';
import { FakeServer } from '@tests/support/server';
import { beforeEach, expect, test, vi } from 'vitest';
import { DemoPhone } from './demoPhone';

class FakeSession extends EventEmitter {
  connection = Object.assign(new EventTarget(), { iceConnectionState: 'connected' });
  isEnded = () => false;
  terminate = () => this.emit('ended', { originator: 'local' });
}

interface FakeAgent {
  called: string[];
  sessions: FakeSession[];
  emit: (name: string) => boolean;
}
const { agents } = vi.hoisted(() => ({ agents: [] as FakeAgent[] }));

vi.mock('jssip', async () => {
  const { EventEmitter: Emitter } = await import('node:events');
  class UA extends Emitter {
    called: string[] = [];
    sessions: FakeSession[] = [];
    constructor() {
      super();
      agents.push(this);
    }
    start = () => undefined;
    stop = () => undefined;
    call = (target: string) => {
      const session = new FakeSession();
      this.called.push(target);
      this.sessions.push(session);
      return session;
    };
  }
  return { UA, WebSocketInterface: EventTarget };
});

let phone: DemoPhone;
let allow: ((stream: unknown) => void)[];
const microphone = { getTracks: () => [] };

beforeEach(() => {
  agents.length = 0;
  allow = [];
  vi.stubGlobal('Audio', EventTarget);
  vi.stubGlobal('navigator', { mediaDevices: { getUserMedia: () => new Promise((resolve) => allow.push(resolve)) } });
  new FakeServer().on('POST /api/v1/demo-phone', { endpoint: 'caller', secret: 's', sip_uri: 'sip:caller@careline', sip_path: '/sip' });
  phone = new DemoPhone();
});

test('of two attempts only the one that was not given up becomes a call', async () => {
  const first = phone.dial('16000000001', '10010');
  phone.hangUp();
  const second = phone.dial('16000000002', '10010');
  allow.forEach((answer) => answer(microphone));
  await Promise.all([first, second]);
  expect(agents).toHaveLength(1);
  expect(phone.getState().phase).toBe('connecting');
});

test('what an earlier call still says does not end the one after it', async () => {
  const dialled = async () => {
    const done = phone.dial('16000000001', '10010');
    allow.at(-1)?.(microphone);
    await done;
  };
  await dialled();
  agents[0]?.emit('connected');
  phone.hangUp();
  await dialled();
  agents[1]?.emit('connected');
  agents[1]?.sessions[0]?.emit('accepted');
  agents[0]?.emit('disconnected');
  agents[0]?.sessions[0]?.emit('failed', { originator: 'remote' });
  expect(phone.getState().phase).toBe('talking');
});

test('a call says at once that nothing is heard, and that it was cut off', async () => {
  const done = phone.dial('16000000001', '10010');
  allow.at(-1)?.(microphone);
  await done;
  agents[0]?.emit('connected');
  const session = agents[0]?.sessions[0];
  session?.emit('accepted');
  const hears = (state: string) => {
    if (session === undefined) return;
    session.connection.iceConnectionState = state;
    session.connection.dispatchEvent(new Event('iceconnectionstatechange'));
  };
  hears('disconnected');
  expect(phone.getState()).toMatchObject({ phase: 'talking', silent: true });
  hears('connected');
  expect(phone.getState().silent).toBe(false);
  agents[0]?.emit('disconnected');
  expect(phone.getState()).toMatchObject({ phase: 'idle', ending: 'cut_off' });
});
