import { serverOrigin } from '../http/origin';
import { backoffMs } from './backoff';
import { CLOSE, parseFrame, type ClientFrame, type ServerFrame, type TopicEvent } from './frames';

/**
 * `offline`: the server was not heard for three seconds, or the connection is gone. `ended`: the server will not
 * have us (signed out, refused); whoever knows better says `comeBack`.
 */
export type Link = 'idle' | 'connecting' | 'online' | 'offline' | 'ended';

export interface TopicListener {
  event: (event: TopicEvent) => void;
  /** What is held may have gaps: fetch it again. Called after the first subscription and when resuming failed. */
  reset: () => void;
}

interface Topic {
  readonly listeners: Set<TopicListener>;
  position: string | null;
  /** From where the server was asked last to go on; null asked for what comes from then on. */
  asked: string | null;
  /** How often in a row the server has refused it. */
  refusals: number;
  retryTimer: ReturnType<typeof setTimeout> | undefined;
}

interface Options {
  url: string;
  /** A customer's token; staff are known by their cookie. */
  visitor?: string;
  openSocket?: (url: string) => WebSocket;
}

/** Together under three seconds: silence until we ask, the wait for an answer, and the steps of looking. */
const LOOK_EVERY_MS = 250;
const ASK_AFTER_MS = 1400;
const ANSWER_WITHIN_MS = 1100;

/** A connection that is being made may take longer than one that stands; that it is not there is told as soon. */
const CONNECT_WITHIN_MS = 10_000;
const TOLD_AFTER_MS = ASK_AFTER_MS + ANSWER_WITHIN_MS;

/** A refused topic is asked for again. Refused once is often a screen that is just closing, and not worth a word. */
const ASK_AGAIN_MS = [3000, 10_000, 30_000] as const;
const TOLD_FROM = 2;

/**
 * The one connection of a page. Topics are counted: the first listener subscribes, the last one leaves. After a
 * cut it comes back by itself and resumes each topic from the last position it saw; what cannot be resumed is
 * told to the listeners as a reset. So is a topic that the server refuses, each time: what is shown is then fetched.
 */
export class RealtimeClient {
  private readonly options: Options;
  private readonly topics = new Map<string, Topic>();
  private readonly linkListeners = new Set<() => void>();
  private readonly refusedListeners = new Set<() => void>();
  private refused = false;
  private socket: WebSocket | null = null;
  private welcomed = false;
  private attempt = 0;
  private heardAt = 0;
  /** When we last asked for a sign of life and have heard nothing since; null when nothing is open. */
  private askedAt: number | null = null;
  private link: Link = 'idle';
  private closeCode: number | null = null;
  private retryTimer: ReturnType<typeof setTimeout> | undefined;
  private probeTimer: ReturnType<typeof setInterval> | undefined;

  constructor(options: Options) {
    this.options = options;
  }

  start(): void {
    if (this.link !== 'idle') return;
    window.addEventListener('online', this.retryNow);
    window.addEventListener('offline', this.lost);
    document.addEventListener('visibilitychange', this.probe);
    this.open();
  }

  stop(): void {
    window.removeEventListener('online', this.retryNow);
    window.removeEventListener('offline', this.lost);
    document.removeEventListener('visibilitychange', this.probe);
    clearTimeout(this.retryTimer);
    this.topics.forEach(({ retryTimer }) => clearTimeout(retryTimer));
    this.drop();
    this.setLink('idle');
  }

  getLink = (): Link => this.link;

  /** The code with which the server closed the last connection; null when it stands, or was lost without a word. */
  getCloseCode = (): number | null => this.closeCode;

  onLink = (listener: () => void): (() => void) => {
    this.linkListeners.add(listener);
    return () => this.linkListeners.delete(listener);
  };

  /** Whether something that is followed is not told live: it is refused, and has been asked for again in vain. */
  getRefused = (): boolean => this.refused;

  onRefused = (listener: () => void): (() => void) => {
    this.refusedListeners.add(listener);
    return () => this.refusedListeners.delete(listener);
  };

  /** After the server refused us: try all the same, because we know better. */
  comeBack = (): void => {
    if (this.link !== 'ended') return;
    this.setLink('offline');
    this.retry(0);
  };

  /** Ask for what is refused again, now. */
  askAgain(): void {
    for (const [topic, entry] of this.topics) {
      if (entry.refusals > 0) this.askFor(topic, entry);
    }
  }

  /** `from` is the position that came with what was already fetched over HTTP, so that nothing falls between. */
  subscribe(topic: string, listener: TopicListener, from: string | null = null): () => void {
    let entry = this.topics.get(topic);
    if (entry === undefined) {
      entry = { listeners: new Set(), position: from, asked: from, refusals: 0, retryTimer: undefined };
      this.topics.set(topic, entry);
      this.send({ t: 'sub', topic, from });
    } else if (this.welcomed) {
      // Others already follow this topic; what the newcomer fetched may be older than where they are.
      queueMicrotask(() => listener.reset());
    }
    entry.listeners.add(listener);
    return () => {
      const current = this.topics.get(topic);
      if (current === undefined || !current.listeners.delete(listener)) return;
      if (current.listeners.size > 0) return;
      this.topics.delete(topic);
      clearTimeout(current.retryTimer);
      this.tellRefused();
      this.send({ t: 'unsub', topic });
    };
  }

  private open(): void {
    this.drop();
    if (this.link !== 'offline') this.setLink('connecting');
    let socket: WebSocket;
    try {
      socket = (this.options.openSocket ?? ((url) => new WebSocket(url)))(this.options.url);
    } catch {
      // A page may be kept from opening any: what is asked over HTTP goes on.
      this.closed(null);
      return;
    }
    this.socket = socket;
    this.heard();
    socket.onopen = () => {
      this.heard();
      const { visitor } = this.options;
      socket.send(JSON.stringify({ t: 'hello', v: 1, ...(visitor === undefined ? {} : { visitor }) } satisfies ClientFrame));
    };
    socket.onmessage = (message) => {
      this.heard();
      const frame = parseFrame(message.data);
      if (frame !== null) this.receive(frame);
    };
    socket.onclose = (event) => {
      if (this.socket === socket) this.closed(event.code);
    };
    this.probeTimer = setInterval(this.probe, LOOK_EVERY_MS);
  }

  private receive(frame: ServerFrame): void {
    if (frame.t === 'welcome') {
      this.welcomed = true;
      this.attempt = 0;
      this.setLink('online', null);
      for (const [topic, entry] of this.topics) this.askFor(topic, entry);
    } else if (frame.t === 'subbed' || frame.t === 'reset') {
      const entry = this.topics.get(frame.topic);
      if (entry === undefined) return;
      entry.refusals = 0;
      this.tellRefused();
      // What still came of an earlier subscription may have moved the position since.
      const resumed = frame.t === 'subbed' && entry.asked !== null;
      // After a resume the missed events follow; their positions move us on, one by one.
      if (!resumed) {
        entry.position = frame.position;
        entry.listeners.forEach((listener) => listener.reset());
      }
    } else if (frame.t === 'ev') {
      const entry = this.topics.get(frame.topic);
      if (entry === undefined) return;
      entry.position = frame.position;
      entry.listeners.forEach((listener) => listener.event(frame));
    } else if (frame.t === 'err' && frame.topic !== undefined) {
      this.refuse(frame.topic);
    }
  }

  /** What was fetched may be old already, so it is fetched again; then we ask, less and less often. */
  private refuse(topic: string): void {
    const entry = this.topics.get(topic);
    if (entry === undefined) return;
    const wait = ASK_AGAIN_MS[Math.min(entry.refusals, ASK_AGAIN_MS.length - 1)];
    entry.refusals += 1;
    entry.position = null;
    clearTimeout(entry.retryTimer);
    entry.retryTimer = setTimeout(() => this.askFor(topic, entry), wait);
    this.tellRefused();
    entry.listeners.forEach((listener) => listener.reset());
  }

  private askFor(topic: string, entry: Topic): void {
    clearTimeout(entry.retryTimer);
    entry.asked = entry.position;
    this.send({ t: 'sub', topic, from: entry.position });
  }

  private tellRefused(): void {
    const refused = [...this.topics.values()].some(({ refusals }) => refusals >= TOLD_FROM);
    if (this.refused === refused) return;
    this.refused = refused;
    this.refusedListeners.forEach((listener) => listener());
  }

  private send(frame: ClientFrame): void {
    if (this.socket?.readyState !== WebSocket.OPEN) return;
    if (frame.t !== 'ping' && !this.welcomed) return;
    this.socket.send(JSON.stringify(frame));
  }

  private heard(): void {
    this.heardAt = performance.now();
    this.askedAt = null;
  }

  /**
   * Ask for a sign of life, and give the connection up when none comes. Only an unanswered question counts as
   * loss: in a hidden page this runs once a minute, and a minute's silence alone means nothing.
   */
  private probe = (): void => {
    if (this.socket === null) return;
    // Not the time of day, which may be set while we wait.
    const now = performance.now();
    if (!this.welcomed) {
      if (now - this.heardAt >= CONNECT_WITHIN_MS) this.lost();
      else if (now - this.heardAt >= TOLD_AFTER_MS) this.setLink('offline');
    } else if (this.askedAt !== null) {
      if (now - this.askedAt >= ANSWER_WITHIN_MS) this.lost();
    } else if (now - this.heardAt >= ASK_AFTER_MS) {
      this.askedAt = now;
      this.send({ t: 'ping' });
    }
  };

  private lost = (): void => {
    if (this.socket === null) return;
    this.closed(null);
  };

  private closed(code: number | null): void {
    this.drop();
    this.setLink(code === CLOSE.notSignedIn || code === CLOSE.refused ? 'ended' : 'offline', code);
    if (this.link === 'offline') this.retry(code === CLOSE.flooding ? 3 : 0);
  }

  /** `more`: as if it had failed so many times more. */
  private retry(more: number): void {
    const wait = backoffMs(this.attempt + more);
    this.attempt += 1;
    clearTimeout(this.retryTimer);
    this.retryTimer = setTimeout(() => this.open(), wait);
  }

  private retryNow = (): void => {
    if (this.link !== 'offline') return;
    this.attempt = 0;
    clearTimeout(this.retryTimer);
    this.open();
  };

  private drop(): void {
    clearInterval(this.probeTimer);
    this.welcomed = false;
    const socket = this.socket;
    this.socket = null;
    if (socket === null) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
  }

  private setLink(link: Link, closeCode = this.closeCode): void {
    if (this.link === link && this.closeCode === closeCode) return;
    this.link = link;
    this.closeCode = closeCode;
    this.linkListeners.forEach((listener) => listener());
  }
}

export function realtimeUrl(): string {
  const url = new URL('/rt/v1', serverOrigin());
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  return url.href;
}
