import type { RoleShown } from '@/shared/api/generated/types.gen';
import { catalogue, knows } from '@/shared/i18n/catalogue';
import { useMessages } from '@/shared/i18n/useMessages';
import en from './locale/en.json';
import zh from './locale/zh-CN.json';

const messages = catalogue(zh, en);

/** The sentences of the pages on who works here. */
export const useStaffMessages = () => useMessages(messages);

/** A built-in role is called as the reader's language calls it, one of the tenant's own as it was named. */
export function useRoleName(): (role: Pick<RoleShown, 'code' | 'name' | 'built_in'> | undefined, code: string) => string {
  const t = useStaffMessages();
  return (role, code) => {
    const key = `role.${code}`;
    if (role?.built_in !== false && knows(messages, key)) return t(key);
    return role?.name ?? code;
  };
}
