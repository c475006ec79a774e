import { errorSentence } from '@/shared/http/errorSentence';
import { useLocale } from '@/shared/i18n/useMessages';

/** Turns whatever was thrown into a sentence for the person in front of the screen. */
export function useErrorSentence(): (error: unknown) => string {
  const language = useLocale();
  return (error) => errorSentence(error, language);
}
