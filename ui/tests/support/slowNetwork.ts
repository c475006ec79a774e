import { NetworkFailure } from '@/shared/http/problem';

const STEP_MS = 100;

/** A network that carries so many bytes a second, or none, or loses what it carries; time is the test's. */
export class SlowNetwork {
  bytesPerSecond: number;
  down = false;

  constructor(bytesPerSecond: number) {
    this.bytesPerSecond = bytesPerSecond;
  }

  /** Settles when so much has gone out; rejects where the network goes, or when it is called off. */
  carry(bytes: number, signal?: AbortSignal, progress: (share: number) => void = () => undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      let out = 0;
      const step = setInterval(() => {
        if (signal?.aborted === true) end(() => reject(new DOMException('called off', 'AbortError')));
        else if (this.down) end(() => reject(new NetworkFailure('no connection')));
        else if ((out += (this.bytesPerSecond * STEP_MS) / 1000) >= bytes) end(resolve);
        else progress(out / bytes);
      }, STEP_MS);
      const end = (settle: () => void) => {
        clearInterval(step);
        settle();
      };
    });
  }
}
