import { NetworkFailure, Problem } from '../http/problem';
import { renamePage, thisPage } from '../tabs/thisPage';
import type { Link } from '../realtime/client';
import type { TopicEvent } from '../realtime/frames';
import { Outbox } from '../conversations/outbox';
import { UNNAMED } from '../conversations/writers';
import { expired } from '../conversations/pending';
import { dropVisitorsDrafts } from '../storage/drafts';
import { sendFile } from '../conversations/sendFile';
import { lastWithoutGap, leavesGap, withMessage } from '../conversations/transcript';
import type { ChatView } from './chatView';
import { isUnknown, VisitorIdentity } from './identity';
import { Live } from './live';
import { Marks } from './marks';
import type { PasswordAsked } from './password';
import { learnService } from './service';
import { VisitorFiles } from './visitorFiles';
import { MINE, NOTHING, visitorApi, type ChatNow, type Introduction, type Letter, type PasswordFilled, type Remembered, type VisitorMessage } from './protocol';

interface Options {
  tenant: string;
  openSocket?: (url: string) => WebSocket;
}

/** A chat must go on where WebSockets are blocked. */
const ASK_EVERY_MS = 5000;
const NOTHING_SAID = { now: NOTHING, messages: [], agentReadSeq: 0, rated: null, agentTyping: false } as const;

/**
 * A customer's chat without a screen. What is said is stored here first and sent under one client id until the
 * server has it; what others say comes by realtime, and after any gap by number from the server.
 */
export class VisitorChat {
  readonly files: VisitorFiles;
  private readonly options: Options;
  private page = thisPage();
  private readonly identity: VisitorIdentity;
  private readonly outbox: Outbox<VisitorMessage>;
  private readonly marks: Marks;
  private readonly listeners = new Set<() => void>();
  private readonly live: Live;
  private syncing: Promise<void> | null = null;
  private syncAgain = false;
  private unwatch: (() => void) | null = null;
  private askTimer: ReturnType<typeof setInterval> | undefined;
  private view: ChatView;

  constructor(options: Options) {
    this.options = options;
    this.identity = new VisitorIdentity(options.tenant, (...change) => this.become(...change));
    this.outbox = new Outbox<VisitorMessage>({
      storageKey: `careline.visitor.outbox.${options.tenant}`,
      forgot: (many) => this.set({ forgotten: this.view.forgotten + many }),
      owner: this.whose(this.identity.getRemembered()),
      send: (_conversation, clientId, text) => this.asWhoSaid(clientId, () => visitorApi.say(clientId, text)),
      sendFile: (...file) => this.asWhoSaid(file[0].clientId, () => sendFile('/visitor/files', ...file)),
      stored: (message) => this.take(message),
    });
    this.marks = new Marks(this.getView, (change) => this.set(change), this.identity.getCurrent);
    this.live = new Live({ link: (link) => this.linkChanged(link), event: (event) => this.hear(event), reset: () => this.sync() }, options.openSocket);
    this.files = new VisitorFiles(this.identity, this.outbox);
    this.view = {
      service: null,
      opening: null,
      entered: this.identity.getRemembered() !== null,
      ...NOTHING_SAID,
      pending: this.outbox.getPending(),
      link: 'idle',
      forgotten: 0,
      left: null,
      person: 0,
    };
  }

  getView = (): ChatView => this.view;

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  start(): void {
    this.unwatch = this.outbox.subscribe(() => {
      const pending = this.outbox.getPending();
      // Perhaps sent by another tab, which has begun the conversation by it.
      if (pending.length < this.view.pending.length && !this.live.follows()) this.sync();
      this.set({ pending });
    });
    this.askTimer = setInterval(() => {
      const { entered, now, link } = this.view;
      const live = link === 'online' && !this.live.isRefused();
      if (entered && !live && now.conversation_id !== null) this.sync();
    }, ASK_EVERY_MS);
    this.identity.start();
    this.outbox.start();
    learnService(this.options.tenant, (change) => this.set(change));
  }

  stop(): void {
    clearInterval(this.askTimer);
    this.marks.stop();
    this.unwatch?.();
    this.identity.stop();
    this.outbox.stop();
    this.live.disconnect();
  }

  /** Makes us known. Rejects when the server cannot be reached or refuses what we say of ourselves. */
  enter(who: Introduction): Promise<void> {
    return this.identity.introduce(who);
  }

  say(text: string): void {
    this.outbox.add(MINE, text);
  }

  retry(clientId: string): void {
    this.outbox.retry(clientId);
  }

  discard(clientId: string): void {
    this.outbox.discard(clientId);
  }

  /** That something of another visit was taken away has been read. */
  hideForgotten(): void {
    this.set({ forgotten: 0 });
  }

  tellTyping = (): void => this.marks.tellTyping();

  /** The messages are on a screen that somebody looks at. */
  tellRead = (): void => this.marks.tellRead();

  async end(): Promise<void> {
    await this.identity.known(() => visitorApi.end());
    this.sync();
  }

  /**
   * The customer leaves this device: the server lets nobody in by their token any more, and nothing that they said or
   * began to say stays in this browser. Where the server cannot be told it goes from here all the same.
   */
  async leave(): Promise<void> {
    const told = this.identity.getCurrent() === null ? Promise.resolve() : visitorApi.leaveDevice();
    const emptied = this.outbox.empty();
    this.identity.leave();
    const left = await told.then(
      () => 'everywhere' as const,
      (error: unknown) => (isUnknown(error) ? ('everywhere' as const) : ('here' as const)),
    );
    // It says that nothing is kept.
    await emptied;
    if (!this.view.entered) this.set({ left });
  }

  async rate(interactionId: string, score: number, comment: string | null): Promise<void> {
    const { person } = this.view;
    try {
      await this.identity.known(() => visitorApi.rate(interactionId, score, comment));
    } catch (error) {
      // Said before, perhaps in another tab: what was to be reached is reached.
      if (!(error instanceof Problem && error.code === 'already-rated')) throw error;
    }
    if (person === this.view.person) this.set({ now: { ...this.view.now, rating_open: false }, rated: interactionId });
  }

  /** Rejects when it was not taken; what was taken before, perhaps from another tab, is reached. */
  async leaveMessage(letter: Letter): Promise<void> {
    try {
      await this.identity.known(() => visitorApi.leave(letter));
    } finally {
      this.sync();
    }
  }

  /** What was typed goes to the server and nowhere else. Rejects when it was not taken. */
  fillPassword = ({ formId, purpose }: PasswordAsked, password: string): Promise<PasswordFilled> =>
    this.identity.known(() => visitorApi.fillPassword(formId, purpose, password)).finally(() => this.sync());

  /** The number that the customer gave when they came. */
  getNumber = (): string => this.identity.getNumber() ?? '';

  private whose = (visitor: Remembered | null): string => visitor?.visitor_id ?? `${UNNAMED}${this.page}`;

  /**
   * The token that goes along is of whoever is known when `call` begins: it has to be who wrote it. An answer that comes
   * when somebody else is known by then is shown to nobody.
   */
  private asWhoSaid = <T>(clientId: string, call: () => Promise<T>): Promise<T> => {
    const said = async () => {
      const writer = this.identity.getCurrent();
      if (writer === null || !this.outbox.isOf(clientId, writer.visitor_id)) throw expired();
      const answer = await call();
      if (this.identity.getCurrent()?.visitor_id !== writer.visitor_id) throw new NetworkFailure('somebody else is here by now');
      return answer;
    };
    return this.identity.known(said, () => this.outbox.has(clientId));
  };

  private become(visitor: Remembered | null, before: Remembered | null, isSame: boolean): void {
    this.live.disconnect();
    if (visitor !== null) this.outbox.belongTo(visitor.visitor_id, isSame);
    else if (isSame) this.outbox.lapse(this.whose(null));
    else this.clear();
    if (before !== null && before.visitor_id !== visitor?.visitor_id) {
      // What the server had of the one before cannot be read any more.
      this.marks.forget();
      this.set(NOTHING_SAID);
    }
    if (!isSame) this.changePerson();
    this.set(visitor === null ? { entered: false, link: 'idle' } : { entered: true, left: null });
    if (visitor === null) return;
    this.live.connect(visitor.token);
    this.sync();
  }

  /** They have left, here or in another tab. */
  private clear(): void {
    renamePage();
    this.page = thisPage();
    this.outbox.belongTo(this.whose(null), false);
    this.set({ forgotten: 0 });
  }

  /** What was typed here is nothing for the next one to read. */
  private changePerson(): void {
    dropVisitorsDrafts();
    this.marks.forget();
    this.set({ ...NOTHING_SAID, person: this.view.person + 1 });
  }

  private linkChanged(link: Link): void {
    this.set({ link });
    if (link === 'online') this.outbox.flush();
    if (link === 'online' && (this.view.service === null || this.view.opening?.open === false)) learnService(this.options.tenant, (change) => this.set(change));
    if (link === 'online' || link === 'ended') this.sync();
  }

  /** Where the chat is, and every message after the last we hold. One at a time; asked meanwhile, once more. */
  private sync(): void {
    if (this.syncing !== null) {
      this.syncAgain = true;
      return;
    }
    const current = this.identity.getCurrent();
    if (current === null) return;
    this.syncing = this.fetch(current)
      .catch((error: unknown) => {
        if (isUnknown(error)) this.identity.forget(current);
        // Anything else heals by itself: the link comes back, or we ask again.
      })
      .finally(() => {
        this.syncing = null;
        if (!this.syncAgain) return;
        this.syncAgain = false;
        this.sync();
      });
  }

  private async fetch(visitor: Remembered): Promise<void> {
    const now = await visitorApi.now();
    if (this.identity.getCurrent() !== visitor) return;
    this.set({ now });
    this.live.follow(now.conversation_id);
    if (now.conversation_id === null) return;
    for (;;) {
      const page = await visitorApi.messagesAfter(lastWithoutGap(this.view.messages));
      if (this.identity.getCurrent() !== visitor) return;
      page.items.forEach((message) => this.take(message));
      if (page.next === null || page.items.length === 0) return;
    }
  }

  private hear(event: TopicEvent): void {
    const data = event.data as Record<string, unknown>;
    if (event.name === 'message.stored') this.take(event.data as VisitorMessage);
    else if (event.name === 'conversation.state') {
      this.set({ now: { ...this.view.now, ...(event.data as Partial<ChatNow>) } });
      this.sync();
    } else if (event.name === 'queue.position' && typeof data.queue_position === 'number') {
      const { now } = this.view;
      if (now.state === 'queued' && now.interaction_id === data.interaction_id) this.set({ now: { ...now, queue_position: data.queue_position, wait: (data as Partial<ChatNow>).wait ?? null } });
    } else if (event.name === 'read' && data.author === 'agent' && typeof data.seq === 'number') {
      this.set({ agentReadSeq: Math.max(this.view.agentReadSeq, data.seq) });
    } else if (event.name === 'typing' && data.author === 'agent') {
      this.marks.showTyping(true);
    }
  }

  private take(message: VisitorMessage): void {
    const gap = leavesGap(this.view.messages, message);
    const pending = this.view.pending.filter(({ clientId }) => clientId !== message.client_id);
    this.set({ messages: withMessage(this.view.messages, message), pending });
    if (message.author === 'customer') this.outbox.confirm(message.client_id);
    if (message.author === 'agent') this.marks.showTyping(false);
    // What a machine says after the end is about the rating, which may have been typed.
    if (gap || !this.live.follows() || (message.author === 'bot' && this.view.now.rating_open)) this.sync();
  }

  private set(change: Partial<ChatView>): void {
    this.view = { ...this.view, ...change };
    this.listeners.forEach((listener) => listener());
  }
}
