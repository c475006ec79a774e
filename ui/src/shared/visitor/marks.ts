import type { ChatView } from './chatView';
import { visitorApi } from './protocol';

const TYPING_SHOWN_MS = 5000;
const TYPING_TOLD_MS = 3000;

/** That one side writes, or has read. A mark that does not arrive is not worth a word. */
export class Marks {
  private readonly view: () => ChatView;
  private readonly set: (change: Partial<ChatView>) => void;
  private readonly reader: () => unknown;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private typingTold = 0;
  private readTold = 0;

  constructor(view: () => ChatView, set: (change: Partial<ChatView>) => void, reader: () => unknown) {
    this.view = view;
    this.set = set;
    this.reader = reader;
  }

  stop(): void {
    clearTimeout(this.timer);
  }

  /** Somebody else, or another conversation, begins. */
  forget(): void {
    this.readTold = 0;
  }

  /** At most once in three seconds, whatever is typed. */
  tellTyping(): void {
    if (this.view().now.state !== 'chatting' || Date.now() - this.typingTold < TYPING_TOLD_MS) return;
    this.typingTold = Date.now();
    visitorApi.typing().catch(() => undefined);
  }

  tellRead(): void {
    const seq = this.view().messages.findLast((message) => message.author !== 'customer')?.seq ?? 0;
    if (seq <= this.readTold) return;
    const [before, reader] = [this.readTold, this.reader()];
    this.readTold = seq;
    visitorApi.read(seq).catch(() => {
      if (this.reader() === reader) this.readTold = before;
    });
  }

  showTyping(agentTyping: boolean): void {
    clearTimeout(this.timer);
    if (agentTyping) this.timer = setTimeout(() => this.set({ agentTyping: false }), TYPING_SHOWN_MS);
    if (this.view().agentTyping !== agentTyping) this.set({ agentTyping });
  }
}
