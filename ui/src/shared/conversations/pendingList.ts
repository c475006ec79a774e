import { inOrder, type Pending } from './pending';

/** What is on its way as a page shows it, in the order in which it was said. */
export class PendingList {
  private readonly listeners = new Set<() => void>();
  private entries: readonly Pending[];

  constructor(entries: readonly Pending[]) {
    this.entries = inOrder(entries);
  }

  get = (): readonly Pending[] => this.entries;

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  find = (clientId: string): Pending | undefined => this.entries.find((entry) => entry.clientId === clientId);

  /** What goes out next in a conversation, first to last. */
  waitingIn = (conversationId: string): Pending[] => this.entries.filter((entry) => entry.conversationId === conversationId && entry.state !== 'failed');

  take(entry: Pending): void {
    if (this.find(entry.clientId) === undefined) this.set(inOrder([...this.entries, entry]));
  }

  remove(clientId: string): void {
    this.set(this.entries.filter((entry) => entry.clientId !== clientId));
  }

  change(clientId: string, part: Partial<Pending>): void {
    const changed = this.entries.map((entry) => (entry.clientId === clientId ? { ...entry, ...part } : entry));
    this.set(part.at === undefined ? changed : inOrder(changed));
  }

  private set(entries: readonly Pending[]): void {
    this.entries = entries;
    this.listeners.forEach((listener) => listener());
  }
}
