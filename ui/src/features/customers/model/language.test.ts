import { expect, it } from 'vitest';
import { languageName } from './language';

it('names languages in the language of the reader', () => {
  expect(languageName('zh-CN', 'en')).toBe('Chinese');
  expect(languageName('ug', 'zh-CN')).toBe('维吾尔语');
  expect(languageName('no language', 'en')).toBe('no language');
});
