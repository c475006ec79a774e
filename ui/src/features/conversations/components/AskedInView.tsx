import { useQuery } from '@tanstack/react-query';
import { ErrorPanel, Loading } from '@/design/panels';
import type { AskedInEntry } from '@/shared/api/generated/types.gen';
import { catalogue } from '@/shared/i18n/catalogue';
import { useMessages } from '@/shared/i18n/useMessages';
import { interactionQuery } from '../api/interactions';
import en from '../locale/en.json';
import zh from '../locale/zh-CN.json';
import { ChatPart } from './ChatPart';
import { ContactHeader } from './ContactHeader';
import styles from './ContactView.module.css';

const messages = catalogue(zh, en);

/** A colleague's chat into which I was asked: to advise, or to serve the customer together. */
export function AskedInView({ entry }: { entry: AskedInEntry }) {
  const t = useMessages(messages);
  const interaction = useQuery(interactionQuery(entry.interaction_id));
  return (
    <section className={styles.view} aria-label={t('contact.chat')} id="contact" tabIndex={-1}>
      {interaction.data !== undefined ? (
        <>
          <ContactHeader interaction={interaction.data} since={entry.since} live />
          <ChatPart
            conversationId={entry.conversation_id}
            interactionId={entry.interaction_id}
            over={false}
            role={entry.role}
            onRead={() => undefined}
          />
        </>
      ) : interaction.isError ? (
        <ErrorPanel what={t('contact.what')} error={interaction.error} retry={() => void interaction.refetch()} />
      ) : (
        <Loading what={t('contact.what')} rows={8} />
      )}
    </section>
  );
}
