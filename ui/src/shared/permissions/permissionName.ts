import { catalogue, knows, translate } from '../i18n/catalogue';
import type { Locale } from '../i18n/locale';
import { useLocale } from '../i18n/useMessages';
import en from './locale/en.json';
import zh from './locale/zh-CN.json';

const messages = catalogue(zh, en);

/** What a permission lets somebody do; one that this page does not know yet is called by its code. */
export const permissionName = (code: string, language: Locale): string =>
  knows(messages, code) ? translate(messages, language, code) : code;

export function usePermissionName(): (code: string) => string {
  const language = useLocale();
  return (code) => permissionName(code, language);
}
