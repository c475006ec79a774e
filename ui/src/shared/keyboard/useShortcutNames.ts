import { catalogue } from '../i18n/catalogue';
import { useMessages } from '../i18n/useMessages';
import en from './locale/en.json';
import zh from './locale/zh-CN.json';
import type { Group, ShortcutId } from './shortcuts';

const messages = catalogue(zh, en);

/** What shortcuts and their groups are called. */
export function useShortcutNames() {
  const t = useMessages(messages);
  return {
    group: (group: Group) => t(`group.${group}`),
    shortcut: (id: ShortcutId) => t(`name.${id}`),
  };
}
