/**
 * Files that wait to be sent, kept in this browser so that a reload or a crash loses none. All of it rejects where
 * the browser keeps nothing for this page.
 */
export interface KeptFiles {
  put: (key: string, blob: Blob) => Promise<void>;
  get: (key: string) => Promise<Blob | undefined>;
  drop: (key: string) => Promise<void>;
  /** Drops every one whose key is not worth it. */
  sweep: (worth: (key: string) => boolean) => Promise<void>;
}

const NAME = 'careline.files';
/** One at a time: of twenty large files that are chosen at once, one is in memory. */
let putting: Promise<void> = Promise.resolve();

export const keptFiles: KeptFiles = {
  put: (key, blob) => {
    const done = putting.then(async () => {
      // As bytes: some browsers lose blobs that they have kept.
      const bytes = await blob.arrayBuffer();
      await within('readwrite', (files) => files.put(bytes, key));
    });
    putting = done.catch(() => undefined);
    return done;
  },
  get: async (key) => {
    const bytes = await within<unknown>('readonly', (files) => files.get(key));
    return bytes instanceof ArrayBuffer ? new Blob([bytes]) : undefined;
  },
  drop: async (key) => {
    await within('readwrite', (files) => files.delete(key));
  },
  sweep: async (worth) => {
    const keys = await within('readonly', (files) => files.getAllKeys());
    for (const key of keys) if (typeof key === 'string' && !worth(key)) await keptFiles.drop(key);
  },
};

/** What `act` asks for, once it is durable. */
async function within<T>(mode: IDBTransactionMode, act: (files: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const database = await new Promise<IDBDatabase>((resolve, reject) => {
    const opening = indexedDB.open(NAME, 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore(NAME);
    opening.onsuccess = () => resolve(opening.result);
    opening.onerror = () => reject(opening.error ?? new Error('not opened'));
  });
  try {
    return await new Promise<T>((resolve, reject) => {
      const transaction = database.transaction(NAME, mode);
      const asked = act(transaction.objectStore(NAME));
      transaction.oncomplete = () => resolve(asked.result);
      transaction.onabort = () => reject(transaction.error ?? new Error('not kept'));
    });
  } finally {
    database.close();
  }
}
