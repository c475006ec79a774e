import { FakeKeptFiles } from '@tests/support/keptFiles';
import { expect, test } from 'vitest';
import { NetworkFailure } from '@/shared/http/problem';
import { Outbox } from './outbox';

const settle = () => new Promise((resolve) => setTimeout(resolve));

test('a box is empty when a file that was just being kept is gone, too', async () => {
  const kept = new FakeKeptFiles();
  const { put } = kept;
  let written: () => void = () => undefined;
  kept.put = async (key, blob) => {
    await new Promise<void>((resolve) => (written = resolve));
    await put(key, blob);
  };
  const lost = () => Promise.reject(new NetworkFailure('no connection'));
  const box = new Outbox({ storageKey: 'test.outbox', files: kept, stored: () => undefined, send: lost, sendFile: lost });
  box.start();
  box.add('c', 'waits');
  box.addFile('c', new Blob(['photo']), 'photo.jpg');
  await settle();
  let isEmpty = false;
  const done = box.empty().then(() => (isEmpty = true));
  await settle();
  expect(isEmpty).toBe(false);
  written();
  await done;
  expect([kept.all.size, box.getPending()]).toEqual([0, []]);
  box.stop();
});
