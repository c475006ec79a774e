/** The frames of `/rt/v1`: JSON text over one WebSocket. */
export type ClientFrame =
  | { t: 'hello'; v: 1; visitor?: string }
  | { t: 'sub'; topic: string; from: string | null }
  | { t: 'unsub'; topic: string }
  | { t: 'cmd'; id: string; name: string; data: unknown }
  | { t: 'ping' };

export interface TopicEvent {
  readonly t: 'ev';
  readonly topic: string;
  readonly position: string;
  readonly name: string;
  readonly data: unknown;
  /** When it happened, RFC 3339. */
  readonly at: string;
}

export type ServerFrame =
  | { t: 'welcome'; epoch: string; heartbeat_s: number }
  | { t: 'subbed'; topic: string; position: string }
  | { t: 'reset'; topic: string; position: string }
  | TopicEvent
  | { t: 'ok'; id: string; data: unknown }
  /** A command was refused, or, with `topic`, a topic may not be followed. */
  | { t: 'err'; id: string | null; topic?: string; code: string; params: Record<string, unknown> }
  | { t: 'pong' };

/** Why the server closed the connection, and whether to come back. */
export const CLOSE = { badFrame: 4400, notSignedIn: 4401, refused: 4403, tooSlow: 4408, tooLarge: 4413, flooding: 4429 } as const;

export function parseFrame(text: unknown): ServerFrame | null {
  if (typeof text !== 'string') return null;
  try {
    const frame: unknown = JSON.parse(text);
    return typeof frame === 'object' && frame !== null && 't' in frame ? (frame as ServerFrame) : null;
  } catch {
    return null;
  }
}
