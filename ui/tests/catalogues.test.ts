import { globSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, test } from 'vitest';
import { pieces } from '@/shared/i18n/catalogue';

const HAN = /\p{Script=Han}/u;
const folders = globSync('src/**/locale/zh-CN.json').map((file) => dirname(dirname(file)));

const read = (file: string) => JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>;

const names = (sentence: string) =>
  [...sentence.matchAll(/\{(\w+)/g)].map((match) => match[1]).filter((name, index, all) => all.indexOf(name) === index).sort();

/** Keys are used as literals, or as a template with a literal head (`state.${state}`). */
function unused(keys: string[], code: string): string[] {
  const heads = [...code.matchAll(/`([\w.-]+)\$\{/g)].map((match) => match[1] ?? '');
  return keys.filter((key) => !code.includes(`'${key}'`) && !heads.some((head) => head.includes('.') && key.startsWith(head)));
}

test('there are catalogues to look at', () => {
  expect(folders.length).toBeGreaterThan(1);
});

describe.each(folders)('%s', (folder) => {
  const zh = read(`${folder}/locale/zh-CN.json`);
  const en = read(`${folder}/locale/en.json`);

  test('both languages have the same keys, in the same order', () => {
    expect(Object.keys(en)).toEqual(Object.keys(zh));
  });

  test('both languages fill the same places', () => {
    for (const key of Object.keys(zh)) expect([key, names(en[key] ?? '')]).toEqual([key, names(zh[key] ?? '')]);
  });

  test('each language is in its own script and none is empty', () => {
    for (const [key, sentence] of Object.entries(en)) expect([key, HAN.test(sentence) || sentence === '']).toEqual([key, false]);
    for (const [key, sentence] of Object.entries(zh)) expect([key, sentence === '']).toEqual([key, false]);
  });

  test('Chinese has full-width punctuation', () => {
    for (const [key, sentence] of Object.entries(zh)) {
      const text = pieces(sentence).map((piece) => ('text' in piece ? piece.text : 'x')).join('');
      expect([key, HAN.test(text) && /[,;?!()]|:(?!\d)/.test(text)]).toEqual([key, false]);
    }
  });

  // Problem codes come from the server: these are looked up by what it sends.
  test.skipIf(folder.startsWith('src/shared/http'))('every key is used', () => {
    // What is shared is said by those who share it, too.
    const users = folder.startsWith('src/shared/') ? 'src/{shared,features}' : folder;
    const code = globSync(`${users}/**/*.{ts,tsx}`).map((file) => readFileSync(file, 'utf8')).join('\n');
    expect(unused(Object.keys(zh), code)).toEqual([]);
  });
});

/** Words that docs/glossary.md has another word for, and what belongs to one centre alone. */
const OTHER_WORDS = /派单|网页会话|(?<!主)导航|话后|结果|10086|\b(?:web chat|assistant)\b/iu;

test.each(globSync('src/**/locale/*.json'))('%s says one word for one thing', (file) => {
  expect(Object.entries(read(file)).filter(([, sentence]) => OTHER_WORDS.test(sentence))).toEqual([]);
});

test('an unused key is seen', () => {
  expect(unused(['a.b', 'state.ready', 'gone'], "t('a.b'); t(`state.${x}`)")).toEqual(['gone']);
});
