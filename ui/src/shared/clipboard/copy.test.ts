import { afterEach, expect, test, vi } from 'vitest';
import { copyText } from './copy';

afterEach(() => vi.unstubAllGlobals());

test('says whether the text is in the clipboard, also where there is none', async () => {
  const written: string[] = [];
  vi.stubGlobal('navigator', { clipboard: { writeText: (text: string) => Promise.resolve(void written.push(text)) } });
  expect([await copyText('secret'), written]).toEqual([true, ['secret']]);
  vi.stubGlobal('navigator', { clipboard: { writeText: () => Promise.reject(new DOMException('no', 'NotAllowedError')) } });
  expect(await copyText('secret')).toBe(false);
  // A page that came over plain HTTP from another machine.
  vi.stubGlobal('navigator', {});
  expect(await copyText('secret')).toBe(false);
});
