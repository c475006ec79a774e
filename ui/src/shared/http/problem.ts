/** An answer of the server that says why something was not done (RFC 9457). `code` is stable and translated. */
export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  readonly params: Readonly<Record<string, unknown>>;
  /** Which input is wrong, as a path (`subscriptions/0/msisdn`), or null. */
  readonly field: string | null;
  /** Not before so long the server wants to be asked again; null when it did not say. */
  readonly retryAfterMs: number | null;

  constructor(
    status: number,
    code: string,
    title: string,
    params: Readonly<Record<string, unknown>> = {},
    field: string | null = null,
    retryAfterMs: number | null = null,
  ) {
    super(title);
    this.name = 'Problem';
    this.status = status;
    this.code = code;
    this.params = params;
    this.field = field;
    this.retryAfterMs = retryAfterMs;
  }
}

/** Whether a text can be the code of a problem. */
export const isCode = (text: string): boolean => /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(text) && text.length <= 60;

/** The session is over. */
export const isSignedOut = ({ status, code }: Problem): boolean => status === 401 && code === 'not-signed-in';

/** The request did not reach the server, or its answer did not reach us: what was asked may or may not be done. */
export class NetworkFailure extends Error {
  override readonly name = 'NetworkFailure';
  /** Something was only asked for: nothing of ours can have been lost on the way. */
  readonly isRead: boolean;

  constructor(message = '', { isRead = false, ...options }: ErrorOptions & { isRead?: boolean } = {}) {
    super(message, options);
    this.isRead = isRead;
  }
}

export async function problemOf(response: Response): Promise<Problem> {
  const later = askedToWait(response.headers.get('retry-after'), Date.now());
  const fallback = new Problem(response.status, `http-${response.status}`, response.statusText, {}, null, later);
  if (!(response.headers.get('content-type') ?? '').includes('json')) return fallback;
  try {
    const body: unknown = await response.json();
    if (typeof body !== 'object' || body === null) return fallback;
    const { code, title, params, field } = body as Record<string, unknown>;
    return new Problem(
      response.status,
      typeof code === 'string' ? code : fallback.code,
      typeof title === 'string' ? title : fallback.message,
      typeof params === 'object' && params !== null ? (params as Record<string, unknown>) : {},
      typeof field === 'string' ? field : null,
      later,
    );
  } catch {
    return fallback;
  }
}

/** `Retry-After` in milliseconds: seconds, or a date (RFC 9110 §10.2.3). Null for what is neither. */
function askedToWait(header: string | null, now: number): number | null {
  if (header === null) return null;
  const ms = /^\d+$/.test(header.trim()) ? Number(header) * 1000 : Date.parse(header) - now;
  return Number.isNaN(ms) ? null : Math.max(0, ms);
}
