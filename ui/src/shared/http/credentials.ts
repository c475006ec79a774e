/**
 * What proves who we are. Staff: a cookie the page cannot read, and a CSRF token it must send back.
 * Customers: a visitor token in the Authorization header.
 */
let csrfToken: string | null = null;
let visitorToken: string | null = null;
const signedOutListeners = new Set<() => void>();

export function setCsrfToken(token: string | null): void {
  csrfToken = token;
}

export function setVisitorToken(token: string | null): void {
  visitorToken = token;
}

export function credentialHeaders(method: string): Record<string, string> {
  const headers: Record<string, string> = {};
  if (visitorToken !== null) headers.Authorization = `Bearer ${visitorToken}`;
  if (csrfToken !== null && !['GET', 'HEAD'].includes(method)) headers['X-CSRF-Token'] = csrfToken;
  return headers;
}

/** Told when the server says that the session is over. */
export function onSignedOut(listener: () => void): () => void {
  signedOutListeners.add(listener);
  return () => signedOutListeners.delete(listener);
}

export function tellSignedOut(): void {
  signedOutListeners.forEach((listener) => listener());
}
