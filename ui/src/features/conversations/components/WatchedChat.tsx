import { useQuery } from '@tanstack/react-query';
import type { WatchedShown } from '@/shared/api/generated/types.gen';
import { catalogue } from '@/shared/i18n/catalogue';
import { useMessages } from '@/shared/i18n/useMessages';
import { useSession } from '@/shared/session/session';
import { participantsQuery } from '../api/colleagues';
import en from '../locale/en.json';
import zh from '../locale/zh-CN.json';
import { ChatPart } from './ChatPart';
import styles from './Transfer.module.css';

const messages = catalogue(zh, en);

/** Somebody's chat as a supervisor is in it; when it is over, what was said stays and nothing more can be. */
export function WatchedChat({ watched: { conversation_id, interaction_id, presence } }: { watched: WatchedShown }) {
  const t = useMessages(messages);
  const { user } = useSession();
  const { data: there, isFetching } = useQuery(participantsQuery(conversation_id));
  const gone = there !== undefined && !isFetching && !there.some((one) => one.user_id === user.id);
  return (
    <>
      <ChatPart conversationId={conversation_id} interactionId={interaction_id} over={gone} role={`supervisor_${presence}`} onRead={() => undefined} />
      {gone && (
        <p className={styles.strip} role="status">
          {t('watched.over')}
        </p>
      )}
    </>
  );
}
