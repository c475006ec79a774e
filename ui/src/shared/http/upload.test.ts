import { afterEach, expect, test, vi } from 'vitest';
import { onSignedOut } from './credentials';
import { NetworkFailure, type Problem } from './problem';
import { upload } from './upload';

/** As much of a browser's request as an upload uses, answered by the test. */
class FakeRequest {
  static last: FakeRequest;
  readonly upload = { onprogress: null };
  status = 0;
  responseText = '';
  onload: (() => void) | null = null;
  onloadend: (() => void) | null = null;
  onabort: (() => void) | null = null;
  constructor() {
    FakeRequest.last = this;
  }
  open = () => undefined;
  send = () => undefined;
  setRequestHeader = () => undefined;
  getResponseHeader = () => 'application/problem+json';
  abort = () => {
    this.onabort?.();
    this.onloadend?.();
  };
  answer(status: number, responseText: string) {
    Object.assign(this, { status, responseText });
    this.onload?.();
    this.onloadend?.();
  }
}

function begin() {
  vi.stubGlobal('XMLHttpRequest', FakeRequest);
  return upload('/files', { query: { name: 'a b.png' }, body: new Blob(['x']), progress: () => undefined, signal: new AbortController().signal });
}

afterEach(() => vi.unstubAllGlobals());

test('what the server stored comes back', async () => {
  const sent = begin();
  FakeRequest.last.answer(201, '{"id":"m1"}');
  expect(await sent).toEqual({ id: 'm1' });
});

test('an answer that cannot be read is a network failure, and not silence', async () => {
  const sent = begin();
  FakeRequest.last.answer(200, '<html>sign in to this network');
  await expect(sent).rejects.toBeInstanceOf(NetworkFailure);
});

test('a refusal says why, and the end of a session is told', async () => {
  const told = vi.fn();
  const stop = onSignedOut(told);
  const large = begin();
  FakeRequest.last.answer(413, '{"code":"file-too-large","title":"too large","params":{}}');
  await expect(large).rejects.toMatchObject({ code: 'file-too-large' } satisfies Partial<Problem>);
  expect(told).not.toHaveBeenCalled();
  const late = begin();
  FakeRequest.last.answer(401, '{"code":"not-signed-in","title":"no","params":{}}');
  await expect(late).rejects.toMatchObject({ status: 401 });
  expect(told).toHaveBeenCalledOnce();
  stop();
});
