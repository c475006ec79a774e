import { observeServerTime } from '../time/clock';
import { credentialHeaders, tellSignedOut } from './credentials';
import { isSignedOut, NetworkFailure, Problem, problemOf } from './problem';

const TIMEOUT_MS = 20_000;
const EMPTY = new Set([204, 205]);
const READS = new Set(['GET', 'HEAD']);

/**
 * `fetch` as Careline uses it: credentials go along, an answer that is not 2xx is thrown as a Problem, and a
 * request that got no answer as a NetworkFailure. Aborting by the caller stays an AbortError.
 */
export async function careFetch(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
  const request = new Request(input, init);
  for (const [name, value] of Object.entries(credentialHeaders(request.method))) request.headers.set(name, value);
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  const sentAt = Date.now();
  let response: Response;
  try {
    response = await fetch(request, { signal: AbortSignal.any([request.signal, timeout]) });
    observeServerTime(response.headers.get('date'), sentAt, Date.now());
    // To its end: an answer that is cut off in the middle is none.
    // Chromium gives an answer without content a body all the same, which a new one may not have.
    if (response.ok && response.body !== null && !EMPTY.has(response.status)) response = new Response(await response.arrayBuffer(), response);
  } catch (error) {
    if (request.signal.aborted) throw error;
    throw new NetworkFailure(timeout.aborted ? `no answer within ${TIMEOUT_MS / 1000} s` : 'no connection', { cause: error, isRead: READS.has(request.method) });
  }
  if (response.ok) return response;
  const problem = await problemOf(response);
  if (isSignedOut(problem)) tellSignedOut();
  throw problem;
}

/** Asking again may help: the network failed, or stalled, or the server itself did. */
export function isTransient(error: unknown): boolean {
  return error instanceof NetworkFailure || (error instanceof Problem && (error.status >= 500 || error.status === 408 || error.status === 429));
}
