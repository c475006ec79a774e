import { setVisitorToken } from '../http/credentials';
import { NetworkFailure, Problem } from '../http/problem';
import { locale } from '../i18n/locale';
import type { Stored } from '../storage/stored';
import { alone } from '../tabs/alone';
import { visitorApi, type Introduction, type Remembered } from './protocol';
import { forgetVisitor, leftKey, rememberedIntroduction, rememberedVisitor } from './remembered';

/** The server does not know who asks. */
export const isUnknown = (error: unknown): boolean => error instanceof Problem && error.status === 401;

/**
 * We became somebody, or nobody. `isSame`: it is the person who was here before, or who was here without a name; else
 * somebody else is here now.
 */
type Changed = (visitor: Remembered | null, before: Remembered | null, isSame: boolean) => void;

/**
 * Who the customer is to the server: one visitor in all tabs of a browser, because two of them would be two chats, each
 * without half of what was said. Whoever was made known in another tab is who we are.
 *
 * Somebody whom the server has forgotten is made known again without a word, and stays the same person. Whoever says
 * who they are is somebody else than was here before: one computer may have several people after each other.
 */
export class VisitorIdentity {
  private readonly tenant: string;
  private readonly changed: Changed;
  /** What all tabs share. */
  private readonly shared: Stored<Remembered | null>;
  private readonly introduction: Stored<Introduction>;
  private current: Remembered | null = null;
  /** Who was here before nobody was, while nobody else has come. */
  private lapsed: Remembered | null = null;
  private entering: Promise<void> | null = null;
  private introducing: Promise<void> | null = null;
  /** Counts those who said who they are. */
  private person = 0;
  private unsubscribe: (() => void) | null = null;

  constructor(tenant: string, changed: Changed) {
    this.tenant = tenant;
    this.changed = changed;
    this.shared = rememberedVisitor(tenant);
    this.introduction = rememberedIntroduction(tenant);
    // Until `start` has looked again: a reload makes nobody somebody else.
    this.lapsed = this.shared.get();
  }

  /** Null until the server knows us. */
  getCurrent = (): Remembered | null => this.current;

  getNumber = (): string | null => this.introduction.get().msisdn;

  /** Who the server last knew this browser as. */
  getRemembered = (): Remembered | null => this.shared.get();

  start(): void {
    window.addEventListener('storage', this.heard);
    this.unsubscribe = this.shared.subscribe(() => this.adopt(this.shared.get()));
    this.adopt(this.shared.fresh());
  }

  stop(): void {
    window.removeEventListener('storage', this.heard);
    this.unsubscribe?.();
  }

  /** Nobody is here any more, in any tab of this browser, and nothing of them is kept. The server is told by whoever asks for it. */
  leave(): void {
    this.introduction.set({ name: null, msisdn: null });
    this.shared.set(null);
    forgetVisitor(this.tenant);
    this.gone();
  }

  private gone(): void {
    this.person += 1;
    this.lapsed = null;
    this.become(null, false);
  }

  /** In another tab: they have left, and said so. That storage was emptied says nothing. */
  private heard = ({ key, newValue }: StorageEvent): void => {
    if (key === leftKey(this.tenant) && newValue !== null) this.gone();
  };

  /** Somebody says who they are. Rejects when the server cannot be reached or refuses what is said. */
  introduce(who: Introduction): Promise<void> {
    if (this.introducing === null) {
      this.person += 1;
      this.lapsed = null;
      this.introducing = this.enter(who, true).finally(() => {
        this.introducing = null;
      });
    }
    return this.introducing;
  }

  /**
   * Does `call` as somebody the server knows; a token that has expired is replaced once, if it is `wanted` still. For who
   * has left meanwhile nobody is made known.
   */
  async known<T>(call: () => Promise<T>, wanted: () => boolean = () => true): Promise<T> {
    const { person } = this;
    if (this.current === null) await this.enterAgain();
    const { current } = this;
    try {
      return await call();
    } catch (error) {
      if (!isUnknown(error)) throw error;
      this.forget(current);
      if (person !== this.person || !wanted()) throw error;
      if (this.current === null) await this.enterAgain();
      if (!isSamePerson(this.current, current)) throw error;
      return call();
    }
  }

  /** The server does not know this one any more. Who was made known in another tab since then stays. */
  forget(visitor: Remembered | null): void {
    if (this.shared.fresh()?.token === visitor?.token) this.shared.set(null);
    this.adopt(this.shared.get());
    if (this.current !== visitor) return;
    this.lapsed = visitor;
    this.become(null, true);
  }

  private enterAgain(): Promise<void> {
    if (this.introducing !== null) return Promise.reject(new NetworkFailure('somebody is saying who they are'));
    this.entering ??= this.enter(this.introduction.get(), false).finally(() => {
      this.entering = null;
    });
    return this.entering;
  }

  private enter(who: Introduction, introduced: boolean): Promise<void> {
    const { person } = this;
    return alone(`careline.visitor.${this.tenant}`, async () => {
      const known = this.shared.fresh();
      // Who goes on in another tab is not who has just said their name in this one.
      if (!introduced || known?.continues === undefined) this.adopt(known);
      if (this.current !== null) return;
      const before = this.lapsed;
      const visitor = await visitorApi.enter(this.tenant, who, locale.get());
      if (person !== this.person) throw new NetworkFailure('somebody else is here by now');
      const meanwhile = introduced ? null : this.shared.fresh();
      if (meanwhile !== null) {
        // Where browsers give no locks somebody may have come in another tab since.
        this.adopt(meanwhile);
        return;
      }
      this.introduction.set(who);
      const made: Remembered = { ...visitor, ...(introduced ? { introduced } : before !== null && { continues: before.visitor_id }) };
      this.become(made, !introduced);
      this.shared.set(made);
    });
  }

  /** That another tab knows nobody is no reason to stop: the server, which may know us, says so itself. */
  private adopt(visitor: Remembered | null): void {
    if (visitor === null || visitor.token === this.current?.token) return;
    const before = this.current ?? this.lapsed;
    // Who wrote here without a name did not say it in another tab.
    this.become(visitor, before === null ? visitor.introduced !== true : isSamePerson(visitor, before));
  }

  private become(visitor: Remembered | null, isSame: boolean): void {
    const before = this.current;
    this.current = visitor;
    if (visitor !== null) this.lapsed = null;
    setVisitorToken(visitor?.token ?? null);
    this.changed(visitor, before, isSame);
  }
}

const isSamePerson = (visitor: Remembered | null, before: Remembered | null): boolean =>
  visitor !== null && (before === null || visitor.visitor_id === before.visitor_id || visitor.continues === before.visitor_id);
