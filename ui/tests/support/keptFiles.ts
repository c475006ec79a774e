import type { KeptFiles } from '@/shared/storage/keptFiles';

/** Files that a browser keeps; every page of it has the same. */
export class FakeKeptFiles implements KeptFiles {
  readonly all = new Map<string, Blob>();
  /** As in a private window, or on a full disk. */
  refuses = false;

  put = (key: string, blob: Blob): Promise<void> => {
    if (this.refuses) return Promise.reject(new Error('quota'));
    this.all.set(key, blob);
    return Promise.resolve();
  };
  get = (key: string): Promise<Blob | undefined> => Promise.resolve(this.all.get(key));
  drop = (key: string): Promise<void> => {
    this.all.delete(key);
    return Promise.resolve();
  };
  sweep = (worth: (key: string) => boolean): Promise<void> => {
    [...this.all.keys()].filter((key) => !worth(key)).forEach((key) => this.all.delete(key));
    return Promise.resolve();
  };
}
