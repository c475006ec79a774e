import type { Locale } from '@/shared/i18n/locale';

/** What a language (BCP 47) is called in the reader's own, without the country; a code that nobody knows stays as it is. */
export function languageName(code: string, reader: Locale): string {
  try {
    return new Intl.DisplayNames([reader], { type: 'language' }).of(code.split('-')[0] ?? code) ?? code;
  } catch {
    return code;
  }
}
