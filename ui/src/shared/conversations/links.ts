import { serverNow } from '../time/clock';
import { serverOrigin } from '../http/origin';

interface Link {
  readonly path: string;
  readonly expires_at: string;
}

const SOON_OVER_MS = 60_000;

/** Where files are: asked for once and known for as long as a link is good, which is some minutes. */
export class FileLinks {
  private readonly ask: (fileId: string) => Promise<Link>;
  private readonly known = new Map<string, Promise<Link>>();

  constructor(ask: (fileId: string) => Promise<Link>) {
    this.ask = ask;
  }

  /** The address of a file. Rejects when it cannot be had; asking again may help then. */
  get = async (fileId: string): Promise<string> => {
    let link = this.known.get(fileId);
    if (link === undefined || Date.parse((await link).expires_at) - serverNow() < SOON_OVER_MS) {
      link = this.ask(fileId);
      this.known.set(fileId, link);
      link.catch(() => this.known.delete(fileId));
    }
    return new URL((await link).path, serverOrigin()).href;
  };
}
