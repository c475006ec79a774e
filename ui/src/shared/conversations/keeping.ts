import { Problem } from '@/shared/http/problem';
import type { KeptFiles } from '@/shared/storage/keptFiles';
import { Staying } from '@/shared/tabs/staying';
import { isReadable, type Pending } from './pending';
import { isWrittenDown, strikeOut, writeDown, writtenUnder } from './writtenDown';

/** Another tab writes a file down a moment after its name. */
const WRITTEN_MS = 10_000;

/** What is on its way as this browser keeps it: words under a key each, and files under the same. */
export class Keeping {
  private readonly prefix: string;
  private readonly files: KeptFiles;
  private readonly staying = new Staying();
  /** The files that were chosen on this page. */
  private readonly blobs = new Map<string, Blob>();
  /** Those that would be lost with the page, with when that is over. */
  private readonly unkept = new Map<string, Promise<void>>();
  private readonly dropping = new Set<Promise<void>>();
  private isOpen = true;

  constructor(prefix: string, files: KeptFiles) {
    this.prefix = prefix;
    this.files = files;
  }

  /** Files that nobody knows any more what they belong to are gone. */
  open(): void {
    this.isOpen = true;
    this.files.sweep((key) => !key.startsWith(this.prefix) || isWrittenDown(key)).catch(() => undefined);
    this.askToStay();
  }

  close(): void {
    this.isOpen = false;
    this.askToStay();
  }

  all(): Pending[] {
    return writtenUnder(this.prefix);
  }

  /** Of which message a key is; null when it is none of ours. */
  named = (key: string | null): string | null => (key?.startsWith(this.prefix) === true ? key.slice(this.prefix.length) : null);

  chosen = (clientId: string): Blob | undefined => this.blobs.get(clientId);

  isOnlyHere = (clientId: string): boolean => this.unkept.has(clientId);

  choose(clientId: string, blob: Blob): void {
    this.blobs.set(clientId, blob);
  }

  write(entry: Pending): boolean {
    return writeDown(this.prefix + entry.clientId, entry);
  }

  /** As it is by now, unless it was not written down, or all was taken away. */
  rewrite(entry: Pending | undefined): void {
    if (entry !== undefined && isWrittenDown(this.prefix + entry.clientId)) this.write(entry);
  }

  /** The name first: a file without one is swept away. */
  writeFile(entry: Pending, blob: Blob): void {
    const { clientId } = entry;
    const key = this.prefix + clientId;
    const kept = this.write(entry) ? this.files.put(key, blob) : Promise.reject(new Error('not written'));
    const over = kept.then(
      async () => {
        this.unkept.delete(clientId);
        this.askToStay();
        // It may have been sent meanwhile.
        if (!this.blobs.has(clientId)) await this.files.drop(key).catch(() => undefined);
      },
      // No other tab can send it, and no other visit.
      () => strikeOut(key),
    );
    this.unkept.set(clientId, over);
    this.askToStay();
  }

  async blobOf({ clientId, at }: Pending): Promise<Blob> {
    const chosen = this.blobs.get(clientId);
    // It may be gone from the disk, or another by now: what was kept of it is as it was.
    if (chosen !== undefined && (await isReadable(chosen))) return chosen;
    const kept = await this.files.get(this.prefix + clientId).catch(() => undefined);
    if (kept !== undefined) return kept;
    const early = chosen === undefined && Date.now() - Date.parse(at) < WRITTEN_MS;
    throw early ? new Problem(503, 'file-gone', 'not yet') : new Problem(404, 'file-gone', 'gone');
  }

  strikeOut(clientId: string): void {
    strikeOut(this.prefix + clientId);
  }

  /** This page has nothing more to do with it; what is kept stays. */
  leave(clientId: string): void {
    this.blobs.delete(clientId);
  }

  /** Nobody needs the file any more. What is being kept just now is dropped as soon as it is. */
  dropFile(clientId: string): void {
    this.blobs.delete(clientId);
    const dropped = this.unkept.get(clientId) ?? this.files.drop(this.prefix + clientId).catch(() => undefined);
    this.unkept.delete(clientId);
    this.dropping.add(dropped);
    void dropped.finally(() => this.dropping.delete(dropped));
    this.askToStay();
  }

  /** Resolves when the files that nobody needed any more are kept no more. */
  async allDropped(): Promise<void> {
    await Promise.all(this.dropping);
  }

  private askToStay(): void {
    this.staying.set(this.isOpen && this.unkept.size > 0);
  }
}
