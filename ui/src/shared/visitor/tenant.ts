/** The tenant of a server that has only one, and of the demo. */
export const DEFAULT_TENANT = 'demo';

/** `/chat/<tenant>`; `/chat` alone is the default one's. */
export function tenantOfPath(path: string): string {
  return /^\/chat\/([a-z0-9-]{1,40})\/?$/.exec(path)?.[1] ?? DEFAULT_TENANT;
}
