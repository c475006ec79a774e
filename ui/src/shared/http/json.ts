import { careFetch } from './careFetch';
import { serverOrigin } from './origin';

type Query = Readonly<Record<string, string | number | boolean | null | undefined>>;

interface Options {
  query?: Query;
  body?: unknown;
  signal?: AbortSignal;
  /** It goes out also when the page is closed at once. */
  keepalive?: boolean;
}

async function send<T>(method: string, path: string, { query, body, signal, keepalive = false }: Options): Promise<T> {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value !== null && value !== undefined && value !== '') search.set(name, String(value));
  }
  const url = new URL(`/api/v1${path}${search.size > 0 ? `?${search}` : ''}`, serverOrigin());
  const response = await careFetch(url, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } }),
    ...(signal === undefined ? {} : { signal }),
    keepalive,
  });
  return (response.status === 204 ? undefined : await response.json()) as T;
}

/** Requests of the JSON interface under /api/v1. */
export const json = {
  get: <T>(path: string, options: Omit<Options, 'body'> = {}) => send<T>('GET', path, options),
  post: <T>(path: string, body?: unknown, options: Options = {}) => send<T>('POST', path, { ...options, body }),
  put: <T>(path: string, body?: unknown, options: Options = {}) => send<T>('PUT', path, { ...options, body }),
  delete: (path: string) => send<undefined>('DELETE', path, {}),
};
