import { errorSentence } from '@/shared/http/errorSentence';
import { Problem } from '@/shared/http/problem';
import { useLocale } from '@/shared/i18n/useMessages';
import { permissionName } from '@/shared/permissions/permissionName';

/** Turns whatever was thrown into a sentence for the person in front of the screen. */
export function useErrorSentence(): (error: unknown) => string {
  const language = useLocale();
  return (error) => {
    if (!(error instanceof Problem) || typeof error.params.permission !== 'string') return errorSentence(error, language);
    const params = { ...error.params, permission: permissionName(error.params.permission, language) };
    return errorSentence(new Problem(error.status, error.code, error.message, params, error.field), language);
  };
}
