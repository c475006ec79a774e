import { credentialHeaders, tellSignedOut } from './credentials';
import { serverOrigin } from './origin';
import { isSignedOut, NetworkFailure, problemOf } from './problem';

interface Options {
  query: Readonly<Record<string, string | number>>;
  body: Blob;
  /** How much of it has gone out, 0 to 1. */
  progress: (share: number) => void;
  signal: AbortSignal;
}

/** No byte for so long means that the network is gone, whatever the browser still hopes. */
const STALLED_MS = 30_000;

/** Sends a file as it is. `fetch` cannot tell how far it has got, so this is the one place without it. */
export function upload<T>(path: string, { query, body, progress, signal }: Options): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const url = new URL(`/api/v1${path}`, serverOrigin());
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, String(value));
    const request = new XMLHttpRequest();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const watch = () => {
      clearTimeout(timer);
      timer = setTimeout(() => request.abort(), STALLED_MS);
    };
    const lost = () => reject(signal.aborted ? new DOMException('cancelled', 'AbortError') : new NetworkFailure('no connection'));
    const cancel = () => request.abort();

    request.open('POST', url);
    for (const [name, value] of Object.entries(credentialHeaders('POST'))) request.setRequestHeader(name, value);
    request.setRequestHeader('Content-Type', 'application/octet-stream');
    request.upload.onprogress = ({ loaded, total }) => {
      watch();
      progress(total > 0 ? loaded / total : 0);
    };
    request.onload = () => {
      const { status, responseText } = request;
      const header = (name: string) => request.getResponseHeader(name) ?? '';
      if (status < 200 || status >= 300) {
        void problemOf(new Response(responseText, { status, headers: { 'content-type': header('content-type'), 'retry-after': header('retry-after') } })).then((problem) => {
          if (isSignedOut(problem)) tellSignedOut();
          reject(problem);
        });
        return;
      }
      try {
        resolve(JSON.parse(responseText) as T);
      } catch {
        reject(new NetworkFailure('unreadable answer'));
      }
    };
    request.onerror = lost;
    request.onabort = lost;
    request.onloadend = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', cancel);
    };
    if (signal.aborted) {
      lost();
      return;
    }
    signal.addEventListener('abort', cancel);
    watch();
    request.send(body);
  });
}
