import { expect, test } from 'vitest';
import { pastedFiles } from './pasted';

const picture = new File(['x'], 'image.png', { type: 'image/png' });
const data = (types: string[], files: File[]) => ({ types, files: files as unknown as FileList });

test('a picture is a picture; words that bring a picture of themselves are words', () => {
  expect(pastedFiles(data(['Files'], [picture]))).toEqual([picture]);
  // A picture copied from a web page brings its address as markup, and no plain words.
  expect(pastedFiles(data(['text/html', 'Files'], [picture]))).toEqual([picture]);
  expect(pastedFiles(data(['text/plain', 'text/html', 'text/rtf', 'Files'], [picture]))).toEqual([]);
  expect(pastedFiles(null)).toEqual([]);
});
