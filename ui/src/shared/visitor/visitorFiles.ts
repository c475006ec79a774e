import type { Outbox } from '../conversations/outbox';
import { FileLinks } from '../conversations/links';
import { json } from '../http/json';
import type { VisitorIdentity } from './identity';
import { MINE, type VisitorMessage } from './protocol';

/** What the customer sends besides words, and where the files of the conversation are. */
export class VisitorFiles {
  private readonly outbox: Outbox<VisitorMessage>;
  private readonly links: FileLinks;

  constructor(identity: VisitorIdentity, outbox: Outbox<VisitorMessage>) {
    this.outbox = outbox;
    this.links = new FileLinks((id) => identity.known(() => json.get(`/visitor/files/${id}/link`)));
  }

  /** With `durationMs` it is a voice message. */
  send(blob: Blob, name: string, durationMs: number | null = null): void {
    this.outbox.addFile(MINE, blob, name, durationMs);
  }

  get link(): (fileId: string) => Promise<string> {
    return this.links.get;
  }
}
