import type { Locale } from './locale';

/** Words as one list, as the language makes it: 甲、乙和丙 · a, b, and c; of `or`: 甲、乙或丙 · a, b, or c. */
export function listOf(words: readonly string[], language: Locale, how: 'and' | 'or' = 'and'): string {
  return new Intl.ListFormat(language, { type: how === 'and' ? 'conjunction' : 'disjunction' }).format(words);
}
