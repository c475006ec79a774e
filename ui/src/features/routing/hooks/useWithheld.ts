import type { AgentState } from '@/shared/api/generated/types.gen';
import { catalogue } from '@/shared/i18n/catalogue';
import { listOf } from '@/shared/i18n/lists';
import { useMessages } from '@/shared/i18n/useMessages';
import en from '../locale/en.json';
import zh from '../locale/zh-CN.json';
import { withheldOf, type Because } from '../model/withheld';

const messages = catalogue(zh, en);

export interface Told {
  because: Because;
  sentence: string;
}

/** Which media I am not offered though I am ready, and why, in words. */
export function useWithheld(): (state: AgentState | undefined) => Told[] {
  const t = useMessages(messages);
  return (state) =>
    state === undefined
      ? []
      : withheldOf(state).map(({ because, media }) => ({
          because,
          sentence: t(`withheld.${because}`, {
            // Chinese says that calls and chats are not offered, English that no calls or chats are.
            media: listOf(media.map((name) => t(`withheld_media.${name}`)), t.language, t.language === 'en' ? 'or' : 'and'),
            limit: state.media.chat?.limit ?? 0,
            messages: state.media.message?.limit ?? 0,
          }),
        }));
}
