import type * as JsSIP from 'jssip';
import type { UA } from 'jssip/lib/UA';
import type { RTCSession } from 'jssip/lib/RTCSession';
import type { Softphone as Account } from '@/shared/api/generated/types.gen';
import { Problem } from '@/shared/http/problem';
import { newId } from '@/shared/ids/newId';
import { backoffMs } from '@/shared/realtime/backoff';
import { qualityOf, type LineQuality, type Stat } from './lineQuality';

export type Registration = 'off' | 'elsewhere' | 'connecting' | 'registered' | 'failed';

export interface PhoneCall {
  /** What the server calls this call: the header X-Call-Ref of its INVITE, or null when it had none. */
  readonly ref: string | null;
  readonly phase: 'ringing' | 'answering' | 'talking';
  readonly muted: boolean;
  readonly quality: LineQuality | null;
}

export interface PhoneState {
  readonly registration: Registration;
  readonly call: PhoneCall | null;
  /** The browser or the person refused the microphone: calls cannot be answered. */
  readonly microphoneRefused: boolean;
}

const QUALITY_EVERY_MS = 5000;
const BUSY_HERE = 486;
const KEY_MS = 120;
const KEY_GAP_MS = 60;
/** Temporary failure (Q.850, RFC 3326): the talk broke, nobody hung up. The caller is connected again. */
const BROKEN = 'Reason: Q.850;cause=41';

/**
 * The agent's phone: registers over Careline's own `/sip` until it is stopped, takes one call at a time, plays it on
 * one audio element. It never answers by itself; `answer` is called when the agent accepts.
 */
export class Softphone {
  private readonly fetchAccount: () => Promise<Account>;
  private wanted = false;
  private refusals = 0;
  private retryTimer: ReturnType<typeof setTimeout> | undefined;
  /** What this page calls itself to the server, over all its connections: another page knows nothing of its talk. */
  private readonly page = newId();
  private ua: UA | null = null;
  private session: RTCSession | null = null;
  private audio: HTMLAudioElement | null = null;
  private qualityTimer: ReturnType<typeof setInterval> | undefined;
  private readonly listeners = new Set<() => void>();
  private state: PhoneState = { registration: 'off', call: null, microphoneRefused: false };

  constructor(fetchAccount: () => Promise<Account>) {
    this.fetchAccount = fetchAccount;
  }

  getState = (): PhoneState => this.state;

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  start(): void {
    this.wanted = true;
    this.refusals = 0;
    this.set({ registration: 'connecting' });
    void this.register();
  }

  /** Another tab of this browser is the phone. */
  standBy(): void {
    this.set({ registration: 'elsewhere' });
  }

  stop(): void {
    this.wanted = false;
    clearTimeout(this.retryTimer);
    clearInterval(this.qualityTimer);
    const { ua } = this;
    // A talk that it ends would look hung up: nobody did that, whoever signs out or leaves the desk.
    this.leave();
    this.ua = null;
    ua?.stop();
    this.session = null;
    this.set({ registration: 'off', call: null });
  }

  answer(): void {
    if (this.session === null || this.state.call?.phase !== 'ringing') return;
    this.setCall({ phase: 'answering' });
    this.session.answer({ mediaConstraints: { audio: true, video: false }, pcConfig: { iceServers: [] } });
  }

  /** Lets go of the line. That ends the agent's talk only in the eyes of a server that was asked to end it. */
  hangUp(): void {
    if (this.session === null || this.session.isEnded()) return;
    this.session.terminate();
  }

  /** The page goes away amid a talk: said at once, for Asterisk would listen to the silence for half a minute. */
  leave(): void {
    if (this.state.call?.phase === 'talking') this.session?.terminate({ extraHeaders: [BROKEN] });
  }

  setMuted(muted: boolean): void {
    if (muted) this.session?.mute({ audio: true });
    else this.session?.unmute({ audio: true });
  }

  /** As telephone events in the audio (RFC 4733), which is how the other side hears them: it need not know SIP INFO. */
  async sendKey(key: string): Promise<void> {
    const { C } = await import('jssip');
    this.session?.sendDTMF(key, { transportType: C.DTMF_TRANSPORT.RFC2833, duration: KEY_MS, interToneGap: KEY_GAP_MS });
  }

  /** With an account fetched anew: the secret we have may be of a server that was restarted. */
  private async register(): Promise<void> {
    try {
      const [account, jssip] = await Promise.all([this.fetchAccount(), import('jssip')]);
      if (!this.wanted) return;
      if (this.ua === null) {
        this.ua = this.agent(account, jssip);
        this.ua.start();
      } else {
        // The same agent goes on, because stopping it would end the talk it may be in.
        this.ua.set('password', account.secret);
        if (this.ua.isConnected()) this.ua.register();
      }
    } catch (error) {
      this.refused(error instanceof Problem && error.code === 'voice-off' ? 'off' : 'failed');
    }
  }

  /** The server may be one that was started again, and with voice. */
  askAgain(): void {
    if (!this.wanted || this.state.registration !== 'off') return;
    this.set({ registration: 'connecting' });
    void this.register();
  }

  /** A centre without voice stays so for as long as it runs. */
  private refused(as: 'failed' | 'off' = 'failed'): void {
    if (!this.wanted) return;
    this.set({ registration: as });
    clearTimeout(this.retryTimer);
    if (as === 'off') return;
    this.retryTimer = setTimeout(() => void this.register(), backoffMs(this.refusals));
    this.refusals += 1;
  }

  private registered(): void {
    this.refusals = 0;
    clearTimeout(this.retryTimer);
    this.set({ registration: 'registered' });
  }

  private agent(account: Account, { UA, WebSocketInterface }: typeof JsSIP): UA {
    const url = new URL(account.sip_path, window.location.origin);
    url.searchParams.set('page', this.page);
    url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
    this.audio = new Audio();
    this.audio.autoplay = true;
    const ua = new UA({
      sockets: [new WebSocketInterface(url.href)],
      uri: account.sip_uri,
      authorization_user: account.endpoint,
      password: account.secret,
      register: true,
      session_timers: false,
      connection_recovery_min_interval: 1,
      connection_recovery_max_interval: 8,
    });
    // A stopped one says goodbye for two more seconds.
    const whileOurs = (act: () => void) => () => {
      if (this.ua === ua) act();
    };
    ua.on('registered', whileOurs(() => this.registered()));
    ua.on('disconnected', whileOurs(() => this.set({ registration: 'connecting' })));
    ua.on('registrationFailed', whileOurs(() => this.refused()));
    ua.on('newRTCSession', ({ session, request }: { session: RTCSession; request: { getHeader(name: string): string | undefined } }) =>
      this.incoming(session, request.getHeader('X-Call-Ref') ?? null),
    );
    return ua;
  }

  private incoming(session: RTCSession, ref: string | null): void {
    if ((session.direction as string) !== 'incoming') return;
    if (this.session !== null) {
      session.terminate({ status_code: BUSY_HERE });
      return;
    }
    this.session = session;
    this.set({ call: { ref, phase: 'ringing', muted: false, quality: null } });
    session.on('peerconnection', ({ peerconnection }: { peerconnection: RTCPeerConnection }) => this.play(peerconnection));
    session.on('accepted', () => {
      this.setCall({ phase: 'talking' });
      this.set({ microphoneRefused: false });
    });
    session.on('getusermediafailed', () => this.set({ microphoneRefused: true }));
    session.on('muted', () => this.setCall({ muted: true }));
    session.on('unmuted', () => this.setCall({ muted: false }));
    session.on('ended', () => this.over(session));
    session.on('failed', () => this.over(session));
  }

  private play(connection: RTCPeerConnection): void {
    connection.addEventListener('track', (event) => {
      if (this.audio) this.audio.srcObject = event.streams[0] ?? new MediaStream([event.track]);
    });
    clearInterval(this.qualityTimer);
    this.qualityTimer = setInterval(() => {
      void connection.getStats().then((report) => {
        const stats: Stat[] = [];
        report.forEach((stat: Stat) => stats.push(stat));
        this.setCall({ quality: qualityOf(stats) });
      });
    }, QUALITY_EVERY_MS);
  }

  private over(session: RTCSession): void {
    if (this.session !== session) return;
    clearInterval(this.qualityTimer);
    if (this.audio) this.audio.srcObject = null;
    this.session = null;
    this.set({ call: null });
  }

  private setCall(change: Partial<PhoneCall>): void {
    if (this.state.call !== null) this.set({ call: { ...this.state.call, ...change } });
  }

  private set(change: Partial<PhoneState>): void {
    this.state = { ...this.state, ...change };
    this.listeners.forEach((listener) => listener());
  }
}
