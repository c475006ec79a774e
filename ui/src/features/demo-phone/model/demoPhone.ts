import type { RTCSession } from 'jssip/lib/RTCSession';
import type { UA } from 'jssip/lib/UA';
import { demoAccount } from '../api/account';
import { endingOf, type Ending } from './endings';

export interface PhoneState {
  readonly phase: 'idle' | 'connecting' | 'ringing' | 'talking';
  /** When the other side answered, in this browser's milliseconds. */
  readonly since: number | null;
  /** Nothing comes from the other side any more; it may come back, and else the call ends by itself. */
  readonly silent: boolean;
  readonly keys: string;
  readonly ending: Ending | null;
  /** What the server refused with when it gave no phone. */
  readonly error: unknown;
}

const IDLE: PhoneState = { phase: 'idle', since: null, silent: false, keys: '', ending: null, error: null };
const KEY_MS = 120;
const CONNECT_WITHIN_MS = 8000;

/** Seconds after the last sound (RFC 7675), long before the browser gives the call up. */
const SILENT: ReadonlySet<string> = new Set(['disconnected', 'failed']);

type End = { cause?: string; originator: string };

/** A customer's phone: registers nothing, dials one number at a time, over Careline's own `/sip`. */
export class DemoPhone {
  private readonly listeners = new Set<() => void>();
  private ua: UA | null = null;
  private session: RTCSession | null = null;
  private audio: HTMLAudioElement | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  /** Counts calls begun and ended: what belongs to an earlier one, a question or a goodbye, counts no more. */
  private attempt = 0;
  private state: PhoneState = IDLE;

  getState = (): PhoneState => this.state;

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  async dial(caller: string, called: string): Promise<void> {
    if (this.state.phase !== 'idle') return;
    this.attempt += 1;
    const { attempt } = this;
    const end = (ending: Ending, error: unknown = null) => {
      if (this.attempt === attempt) this.over(ending, error);
    };
    this.set({ ...IDLE, phase: 'connecting' });
    // The element is made in the click, so that the browser lets it play.
    this.audio = new Audio();
    this.audio.autoplay = true;
    if (!(await microphoneAllowed())) {
      end('no_microphone');
      return;
    }
    try {
      const [account, { UA, WebSocketInterface }] = await Promise.all([demoAccount(caller), import('jssip')]);
      if (this.attempt !== attempt) return;
      const url = new URL(account.sip_path, window.location.origin);
      url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
      url.searchParams.set('phone', caller);
      const ua = new UA({
        sockets: [new WebSocketInterface(url.href)],
        uri: account.sip_uri,
        password: account.secret,
        register: false,
        session_timers: false,
      });
      this.ua = ua;
      this.timer = setTimeout(() => end('no_connection'), CONNECT_WITHIN_MS);
      ua.on('connected', () => {
        if (this.attempt === attempt) this.call(ua, `sip:${called}@${account.sip_uri.split('@')[1] ?? ''}`, end);
      });
      // Of a call that goes on, too: nobody could end it here any more.
      ua.on('disconnected', () => end(this.state.phase === 'talking' ? 'cut_off' : 'no_connection'));
      ua.start();
    } catch (error) {
      end('failed', error);
    }
  }

  hangUp(): void {
    if (this.session !== null && !this.session.isEnded()) this.session.terminate();
    else this.over('hung_up');
  }

  /** As telephone events in the audio (RFC 4733), which is how a menu hears them. */
  async press(key: string): Promise<void> {
    if (this.session === null || this.state.phase !== 'talking') return;
    const { session } = this;
    const { C } = await import('jssip');
    // It may have ended while the code was on its way.
    if (this.session !== session) return;
    session.sendDTMF(key, { transportType: C.DTMF_TRANSPORT.RFC2833, duration: KEY_MS });
    this.set({ ...this.state, keys: this.state.keys + key });
  }

  private call(ua: UA, target: string, end: (ending: Ending) => void): void {
    if (this.session !== null) return;
    clearTimeout(this.timer);
    const session = ua.call(target, { mediaConstraints: { audio: true, video: false }, pcConfig: { iceServers: [] } });
    this.session = session;
    session.connection.addEventListener('track', (event) => {
      if (this.audio) this.audio.srcObject = event.streams[0] ?? new MediaStream([event.track]);
    });
    session.connection.addEventListener('iceconnectionstatechange', () => {
      if (this.session === session) this.set({ ...this.state, silent: SILENT.has(session.connection.iceConnectionState) });
    });
    session.on('progress', () => this.set({ ...this.state, phase: 'ringing' }));
    session.on('accepted', () => this.set({ ...this.state, phase: 'talking', since: Date.now() }));
    session.on('ended', ({ cause, originator }: End) => end(endingOf(cause, originator)));
    session.on('failed', ({ cause, originator }: End) => end(endingOf(cause, originator)));
  }

  private over(ending: Ending, error: unknown = null): void {
    if (this.state.phase === 'idle') return;
    this.attempt += 1;
    clearTimeout(this.timer);
    const { ua } = this;
    this.ua = null;
    this.session = null;
    if (this.audio) this.audio.srcObject = null;
    this.set({ ...this.state, phase: 'idle', ending, error });
    ua?.stop();
  }

  private set(state: PhoneState): void {
    this.state = state;
    this.listeners.forEach((listener) => listener());
  }
}

/** Asks before anything is dialled: a call in which nobody hears the caller helps nobody. */
async function microphoneAllowed(): Promise<boolean> {
  try {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
    stream.getTracks().forEach((track) => track.stop());
    return true;
  } catch {
    return false;
  }
}
