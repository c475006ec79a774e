import { setVisitorToken } from '../http/credentials';
import { Problem } from '../http/problem';
import { locale } from '../i18n/locale';
import type { Stored } from '../storage/stored';
import { alone } from '../tabs/alone';
import { visitorApi, type Introduction, type Visitor } from './protocol';
import { rememberedIntroduction, rememberedVisitor } from './remembered';

/** The server does not know who asks. */
export const isUnknown = (error: unknown): boolean => error instanceof Problem && error.status === 401;

/**
 * Who the customer is to the server: one visitor in all tabs of a browser, because two of them would be two chats, each
 * without half of what was said. Whoever was made known in another tab is who we are.
 */
export class VisitorIdentity {
  private readonly tenant: string;
  private readonly changed: (visitor: Visitor | null, before: Visitor | null) => void;
  /** What all tabs share. */
  private readonly shared: Stored<Visitor | null>;
  private readonly introduction: Stored<Introduction>;
  private current: Visitor | null = null;
  private entering: Promise<void> | null = null;
  private leave: (() => void) | null = null;

  /** `changed` is told each time we become somebody, or nobody. */
  constructor(tenant: string, changed: (visitor: Visitor | null, before: Visitor | null) => void) {
    this.tenant = tenant;
    this.changed = changed;
    this.shared = rememberedVisitor(tenant);
    this.introduction = rememberedIntroduction(tenant);
  }

  /** Null until the server knows us. */
  getCurrent = (): Visitor | null => this.current;

  getNumber = (): string | null => this.introduction.get().msisdn;

  /** Who the server last knew this browser as. */
  getRemembered = (): Visitor | null => this.shared.get();

  start(): void {
    this.leave = this.shared.subscribe(() => this.adopt(this.shared.get()));
    this.adopt(this.shared.fresh());
  }

  stop(): void {
    this.leave?.();
  }

  /** Makes us known. Rejects when the server cannot be reached or refuses what we say of ourselves. */
  enter(who: Introduction): Promise<void> {
    this.entering ??= alone(`careline.visitor.${this.tenant}`, async () => {
      this.adopt(this.shared.fresh());
      if (this.current !== null) return;
      const visitor = await visitorApi.enter(this.tenant, who, locale.get());
      this.introduction.set(who);
      this.shared.set(visitor);
      this.adopt(visitor);
    }).finally(() => {
      this.entering = null;
    });
    return this.entering;
  }

  /** Does `call` as somebody the server knows; a token that has expired is replaced once, if it is `wanted` still. */
  async known<T>(call: () => Promise<T>, wanted: () => boolean = () => true): Promise<T> {
    if (this.current === null) await this.enter(this.introduction.get());
    const { current } = this;
    try {
      return await call();
    } catch (error) {
      if (!isUnknown(error)) throw error;
      this.forget(current);
      if (!wanted()) throw error;
      if (this.current === null) await this.enter(this.introduction.get());
      return call();
    }
  }

  /** The server does not know this one any more. Who was made known in another tab since then stays. */
  forget(visitor: Visitor | null): void {
    if (this.shared.fresh()?.token === visitor?.token) this.shared.set(null);
    this.adopt(this.shared.get());
    if (this.current === visitor) this.become(null);
  }

  /** That another tab knows nobody is no reason to stop: the server, which may know us, says so itself. */
  private adopt(visitor: Visitor | null): void {
    if (visitor !== null && visitor.token !== this.current?.token) this.become(visitor);
  }

  private become(visitor: Visitor | null): void {
    const before = this.current;
    this.current = visitor;
    setVisitorToken(visitor?.token ?? null);
    this.changed(visitor, before);
  }
}
