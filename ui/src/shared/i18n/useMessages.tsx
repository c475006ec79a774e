import { Fragment, useMemo, type ReactNode } from 'react';
import { useStored } from '../storage/useStored';
import { pieces, translate, type Catalogue, type Params } from './catalogue';
import { locale, type Locale } from './locale';

export interface Translate<Key extends string> {
  (key: Key, params?: Params): string;
  /** The sentence with elements in place of some of its parameters. */
  rich(key: Key, nodes: Readonly<Record<string, ReactNode>>): ReactNode;
  language: Locale;
}

export function useLocale(): Locale {
  return useStored(locale);
}

export function useMessages<Key extends string>(messages: Catalogue<Key>): Translate<Key> {
  const language = useLocale();
  return useMemo(() => {
    const t = (key: Key, params?: Params) => translate(messages, language, key, params);
    const rich = (key: Key, nodes: Readonly<Record<string, ReactNode>>) => {
      const counts = Object.fromEntries(
        Object.entries(nodes).filter((entry): entry is [string, string | number] => ['string', 'number'].includes(typeof entry[1])),
      );
      return pieces(messages[language][key], counts).map((piece, index) => (
        <Fragment key={index}>{'text' in piece ? piece.text : (nodes[piece.name] ?? `{${piece.name}}`)}</Fragment>
      ));
    };
    return Object.assign(t, { rich, language });
  }, [messages, language]);
}
