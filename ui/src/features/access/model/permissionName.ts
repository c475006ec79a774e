import { knows } from '@/shared/i18n/catalogue';
import { useMessages } from '@/shared/i18n/useMessages';
import { messages } from '../messages';

/** What to call a permission; one that this page does not know yet is called by its code. */
export function usePermissionName(): (code: string) => string {
  const t = useMessages(messages);
  return (code) => {
    const key = `permission.${code}`;
    return knows(messages, key) ? t(key) : code;
  };
}
