import { RealtimeClient, realtimeUrl, type Link } from '../realtime/client';
import type { TopicEvent } from '../realtime/frames';

interface Heard {
  link: (link: Link) => void;
  event: (event: TopicEvent) => void;
  /** Something was missed. */
  reset: () => void;
}

/** What comes by itself while a visitor is known: of one conversation, and for one visitor at a time. */
export class Live {
  private readonly heard: Heard;
  private readonly openSocket: ((url: string) => WebSocket) | undefined;
  private realtime: RealtimeClient | null = null;
  private unsubscribe: (() => void) | null = null;
  private topic: string | null = null;

  constructor(heard: Heard, openSocket: ((url: string) => WebSocket) | undefined) {
    this.heard = heard;
    this.openSocket = openSocket;
  }

  connect(visitor: string): void {
    const { openSocket } = this;
    const realtime = new RealtimeClient({ url: realtimeUrl(), visitor, ...(openSocket && { openSocket }) });
    this.realtime = realtime;
    realtime.onLink(() => {
      if (this.realtime === realtime) this.heard.link(realtime.getLink());
    });
    realtime.start();
  }

  disconnect(): void {
    this.unsubscribe?.();
    this.unsubscribe = null;
    this.topic = null;
    this.realtime?.stop();
    this.realtime = null;
  }

  isRefused = (): boolean => this.realtime?.getRefused() === true;

  /** Whether a conversation is followed. */
  follows = (): boolean => this.topic !== null;

  follow(conversationId: string | null): void {
    if (conversationId === null || this.realtime === null) return;
    const topic = `conversation:${conversationId}`;
    if (this.topic === topic) return;
    this.unsubscribe?.();
    this.topic = topic;
    this.unsubscribe = this.realtime.subscribe(topic, { event: this.heard.event, reset: this.heard.reset });
  }
}
