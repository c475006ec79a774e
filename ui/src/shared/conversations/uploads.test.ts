import { beforeEach, afterEach, expect, test, vi } from 'vitest';
import { NetworkFailure, Problem } from '@/shared/http/problem';
import { MAX_FILE_BYTES } from './attachments';
import { Uploads, type Upload } from './uploads';

interface Attempt {
  upload: Upload;
  progress: (share: number) => void;
  signal: AbortSignal;
  answer: (message: string) => void;
  fail: (error: unknown) => void;
}

let attempts: Attempt[];
let stored: string[];
let uploads: Uploads<string>;
const settle = (ms = 0) => vi.advanceTimersByTimeAsync(ms);
const picture = new Blob(['picture']);
const last = () => attempts.at(-1) as Attempt;

beforeEach(() => {
  vi.useFakeTimers();
  [attempts, stored] = [[], []];
  uploads = new Uploads<string>({
    send: (upload, progress, signal) =>
      new Promise((answer, fail) => {
        attempts.push({ upload, progress, signal, answer, fail });
        signal.addEventListener('abort', () => fail(new DOMException('cancelled', 'AbortError')));
      }),
    stored: (message) => stored.push(message),
  });
  uploads.start();
});

afterEach(() => {
  uploads.stop();
  vi.useRealTimers();
});

test('a file is shown with how far it is until the server has it', async () => {
  uploads.add('c', picture, 'a.png');
  last().progress(0.5);
  expect(uploads.getAll()).toMatchObject([{ name: 'a.png', progress: 0.5, state: 'sending' }]);
  last().answer('m1');
  await settle();
  expect(uploads.getAll()).toEqual([]);
  expect(stored).toEqual(['m1']);
});

test('after a cut it goes out by itself under the same client id', async () => {
  uploads.add('c', picture, 'a.png');
  last().fail(new NetworkFailure('cut'));
  await settle();
  expect(uploads.getAll()).toMatchObject([{ state: 'waiting' }]);
  await settle(3000);
  expect(attempts).toHaveLength(2);
  expect(new Set(attempts.map(({ upload }) => upload.clientId)).size).toBe(1);
  last().answer('m1');
  await settle();
  expect(uploads.getAll()).toEqual([]);
});

test('what is refused waits for a person, who sends it again or not', async () => {
  uploads.add('c', picture, 'a.png');
  last().fail(new Problem(422, 'file-type-refused', 'no'));
  await settle(10_000);
  expect(attempts).toHaveLength(1);
  expect(uploads.getAll()).toMatchObject([{ state: 'failed' }]);
  uploads.retry(last().upload.clientId);
  expect(attempts).toHaveLength(2);
  uploads.cancel(last().upload.clientId);
  await settle(10_000);
  expect(uploads.getAll()).toEqual([]);
  expect(attempts).toHaveLength(2);
});

test('what is cancelled is stopped where it is', async () => {
  uploads.add('c', picture, 'a.png');
  uploads.cancel(last().upload.clientId);
  expect(last().signal.aborted).toBe(true);
  await settle(10_000);
  expect(attempts).toHaveLength(1);
  expect(uploads.getAll()).toEqual([]);
});

test('what the server would refuse anyway is not sent', async () => {
  uploads.add('c', new Blob([]), 'empty.png');
  uploads.add('c', { size: MAX_FILE_BYTES + 1 } as Blob, 'film.mp4');
  await settle(10_000);
  expect(attempts).toEqual([]);
  expect(uploads.getAll().map(({ error }) => (error as Problem).code)).toEqual(['file-empty', 'file-too-large']);
});

test('a message that came over realtime first takes the place of its file', async () => {
  uploads.add('c', picture, 'a.png');
  uploads.confirm(last().upload.clientId);
  expect(uploads.getAll()).toEqual([]);
  last().answer('m1');
  await settle();
  expect(stored).toEqual(['m1']);
});

test('a page that is closed with files on their way asks first', () => {
  const leave = () => {
    const event = new Event('beforeunload', { cancelable: true });
    window.dispatchEvent(event);
    return event.defaultPrevented;
  };
  expect(leave()).toBe(false);
  uploads.add('c', picture, 'a.png');
  expect(leave()).toBe(true);
});
