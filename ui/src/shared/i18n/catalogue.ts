import type { Locale } from './locale';

export type Params = Readonly<Record<string, string | number>>;

/** The sentences of one feature in every language, under the same keys. */
export interface Catalogue<Key extends string> {
  readonly 'zh-CN': Readonly<Record<Key, string>>;
  readonly en: Readonly<Record<Key, string>>;
}

export function catalogue<Key extends string>(
  zh: Readonly<Record<Key, string>>,
  en: Readonly<Record<NoInfer<Key>, string>>,
): Catalogue<Key> {
  return { 'zh-CN': zh, en };
}

/** A sentence cut at its placeholders: plain text, or the name of what goes there. */
export type Piece = { text: string } | { name: string };

const PLACEHOLDER = /\{(\w+)(?:\|([^{}|]*)\|([^{}|]*))?\}/g;

/**
 * `{name}` is replaced by a parameter; `{n|case|cases}` by the first word when the parameter is 1, else by
 * the second. A placeholder without its parameter stays visible, so that it is noticed.
 */
export function pieces(sentence: string, params: Params = {}): Piece[] {
  const found: Piece[] = [];
  let end = 0;
  for (const match of sentence.matchAll(PLACEHOLDER)) {
    const [whole, name = '', one, other] = match;
    if (match.index > end) found.push({ text: sentence.slice(end, match.index) });
    if (one !== undefined && other !== undefined) {
      found.push({ text: Number(params[name]) === 1 ? one : other });
    } else {
      found.push({ name });
    }
    end = match.index + whole.length;
  }
  if (end < sentence.length) found.push({ text: sentence.slice(end) });
  return found;
}

export function translate<Key extends string>(
  messages: Catalogue<Key>,
  language: Locale,
  key: Key,
  params: Params = {},
): string {
  return pieces(messages[language][key], params)
    .map((piece) => ('text' in piece ? piece.text : String(params[piece.name] ?? `{${piece.name}}`)))
    .join('');
}

/** Whether a key that came from outside (an error code, a reason code) has a sentence here. */
export function knows<Key extends string>(messages: Catalogue<Key>, key: string): key is Key {
  return Object.hasOwn(messages['zh-CN'], key);
}
