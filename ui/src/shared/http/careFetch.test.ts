import { afterEach, expect, test, vi } from 'vitest';
import { careFetch, isTransient } from './careFetch';
import { onSignedOut, setCsrfToken, setVisitorToken } from './credentials';
import { errorSentence } from './errorSentence';
import { json } from './json';
import { NetworkFailure, Problem } from './problem';

const URL_ = 'http://127.0.0.1/api/v1/x';

function answers(status: number, body: unknown, type = 'application/problem+json') {
  const fake = vi.fn<typeof fetch>(() =>
    Promise.resolve(new Response(typeof body === 'string' ? body : JSON.stringify(body), { status, headers: { 'content-type': type } })),
  );
  vi.stubGlobal('fetch', fake);
  return fake;
}

afterEach(() => {
  vi.unstubAllGlobals();
  setCsrfToken(null);
  setVisitorToken(null);
});

test('a problem is thrown with its code and said in both languages', async () => {
  answers(429, { title: 'Too many', code: 'too-many-attempts', params: { retry_after: 29.41 }, field: null });
  const error = await careFetch(URL_).catch((e: unknown) => e);
  expect(error).toBeInstanceOf(Problem);
  expect(errorSentence(error, 'en')).toBe('Too many attempts. Sign in again in 30 s.');
  expect(errorSentence(error, 'zh-CN')).toContain('30 秒后');
  expect(isTransient(error)).toBe(true);
});

test('a network that fails is told of what was to be fetched, and of what was to be sent', async () => {
  vi.stubGlobal('fetch', () => Promise.reject(new TypeError('Failed to fetch')));
  const sentence = (method: string) => careFetch(URL_, { method }).catch((error: unknown) => errorSentence(error, 'zh-CN'));
  expect(await sentence('GET')).toBe('网络断了，恢复后再试。');
  for (const method of ['POST', 'PUT', 'DELETE']) expect(await sentence(method)).toBe('网络断了，没有送到。');
});

test.each([['<html>bad gateway', 'text/html'], ['{"code": 7', 'application/problem+json'], ['null', 'application/json']])(
  'an answer it cannot read is still a problem: %s',
  async (body, type) => {
    answers(502, body, type);
    const error = await careFetch(URL_).catch((e: unknown) => e);
    expect((error as Problem).code).toBe('http-502');
    expect(errorSentence(error, 'en')).toContain('http-502');
  },
);

test('no answer is a network failure, an abort stays an abort', async () => {
  vi.stubGlobal('fetch', vi.fn(() => Promise.reject(new TypeError('Failed to fetch'))));
  await expect(careFetch(URL_)).rejects.toBeInstanceOf(NetworkFailure);
  await expect(careFetch(URL_, { signal: AbortSignal.abort() })).rejects.not.toBeInstanceOf(NetworkFailure);
});

test('the CSRF token goes with changes only, the visitor token with everything', async () => {
  const fake = answers(200, {}, 'application/json');
  setCsrfToken('csrf');
  setVisitorToken('visitor');
  await careFetch(URL_);
  await careFetch(URL_, { method: 'POST' });
  const [get, post] = fake.mock.calls.map(([request]) => (request as Request).headers);
  expect([get?.get('x-csrf-token'), get?.get('authorization')]).toEqual([null, 'Bearer visitor']);
  expect([post?.get('x-csrf-token'), post?.get('authorization')]).toEqual(['csrf', 'Bearer visitor']);
});

test('the end of a session is told, a wrong password is not', async () => {
  const told = vi.fn();
  const stop = onSignedOut(told);
  answers(401, { title: '', code: 'sign-in-failed' });
  await careFetch(URL_).catch(() => undefined);
  expect(told).not.toHaveBeenCalled();
  answers(401, { title: '', code: 'not-signed-in' });
  await careFetch(URL_).catch(() => undefined);
  expect(told).toHaveBeenCalledOnce();
  stop();
});

test('an answer that is cut off in the middle is a network failure', async () => {
  const cut = Response.json({ items: [] });
  for (const read of ['arrayBuffer', 'json', 'text'] as const) vi.spyOn(cut, read).mockRejectedValue(new TypeError('network error'));
  vi.stubGlobal('fetch', () => Promise.resolve(cut));
  const error = await json.get('/x').catch((e: unknown) => e);
  expect(error).toBeInstanceOf(NetworkFailure);
  expect(isTransient(error)).toBe(true);
});

test('an answer without a body has none', async () => {
  vi.stubGlobal('fetch', () => Promise.resolve(new Response(null, { status: 204 })));
  await expect(json.delete('/x')).resolves.toBeUndefined();
});

test('an answer without content is one, also when the browser gives it a body', async () => {
  const answer = Object.defineProperty(new Response(null, { status: 204 }), 'body', { value: new Response('x').body });
  vi.stubGlobal('fetch', () => Promise.resolve(answer));
  expect((await careFetch('http://test/x', { method: 'POST' })).status).toBe(204);
});
