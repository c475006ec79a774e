import type { Message } from '@/shared/api/generated/types.gen';
import { catalogue, knows, type Params } from '@/shared/i18n/catalogue';
import type { Translate } from '@/shared/i18n/useMessages';
import en from '../locale/en.json';
import zh from '../locale/zh-CN.json';

const messages = catalogue(zh, en);

/** A notice in words; one that has no words here yet shows what it carries, or its code. */
export function noticeSentence({ text, code, params }: Pick<Message, 'text' | 'code' | 'params'>, t: Translate<keyof typeof zh>): string {
  const key = `notice.${code ?? ''}`;
  if (!knows(messages, key)) return text === '' ? (code ?? '') : text;
  const known = Object.entries(params ?? {}).filter((entry): entry is [string, string | number] => ['string', 'number'].includes(typeof entry[1]));
  return t(key, Object.fromEntries(known) satisfies Params);
}
