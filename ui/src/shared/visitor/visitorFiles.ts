import { FileLinks } from '../conversations/links';
import { Uploads, type Upload } from '../conversations/uploads';
import { json } from '../http/json';
import { upload } from '../http/upload';
import type { VisitorIdentity } from './identity';
import type { VisitorMessage } from './protocol';

const MINE = 'mine';

/** What the customer sends besides words, and where the files of the conversation are. */
export class VisitorFiles {
  readonly uploads: Uploads<VisitorMessage>;
  private readonly links: FileLinks;

  constructor(identity: VisitorIdentity, stored: (message: VisitorMessage) => void) {
    this.uploads = new Uploads<VisitorMessage>({ send: (file, progress, signal) => identity.known(() => send(file, progress, signal)), stored });
    this.links = new FileLinks((id) => identity.known(() => json.get(`/visitor/files/${id}/link`)));
  }

  /** With `durationMs` it is a voice message. */
  send(blob: Blob, name: string, durationMs: number | null = null): void {
    this.uploads.add(MINE, blob, name, durationMs);
  }

  get link(): (fileId: string) => Promise<string> {
    return this.links.get;
  }
}

function send({ clientId, name, blob, durationMs }: Upload, progress: (share: number) => void, signal: AbortSignal): Promise<VisitorMessage> {
  const query = { client_id: clientId, name, ...(durationMs !== null && { duration_ms: Math.round(durationMs) }) };
  return upload<VisitorMessage>('/visitor/files', { query, body: blob, progress, signal });
}
