import { useQuery } from '@tanstack/react-query';
import { ErrorPanel, Loading } from '@/design/panels';
import type { InboxEntry, Interaction, Transfer } from '@/shared/api/generated/types.gen';
import { catalogue } from '@/shared/i18n/catalogue';
import { useMessages } from '@/shared/i18n/useMessages';
import type { Media } from '@/shared/api/generated/types.gen';
import { useEffect, type ReactNode } from 'react';
import { interactionQuery } from '../api/interactions';
import { useFocusWish } from '../hooks/useFocusWish';
import { useWrapUp } from '../hooks/useWrapUp';
import en from '../locale/en.json';
import zh from '../locale/zh-CN.json';
import { ChatPart } from './ChatPart';
import { ContactHeader } from './ContactHeader';
import styles from './ContactView.module.css';
import { FlowSteps } from './FlowSteps';
import { CameFromStrip, PassedOnStrip } from './TransferStrip';
import { WrapUpBar } from './WrapUpBar';
import { WrapUpFields } from './WrapUpFields';

const messages = catalogue(zh, en);
const NAMES = { voice: 'contact.call', chat: 'contact.chat', message: 'contact.message' } as const;

export interface Contact {
  readonly interactionId: string;
  readonly conversationId: string | null;
  readonly media: Media;
  readonly state: InboxEntry['state'];
  readonly since: string;
  readonly acwDeadline: string | null;
  /** Seconds left of the limit while its clock stands. */
  readonly acwLeft: number | null;
  /** What became of it, when it was passed on from here. */
  readonly transfer: Transfer | null;
}

interface Props {
  contact: Contact;
  /** The controls of a call; telephony's part of this screen. */
  callBar: ReactNode;
  /** What was left, when it is a left message; the letterbox's part of this screen. */
  letter: ReactNode;
  onRead: () => void;
  onFinished: () => void;
}

/** The contact in hand: a call or a chat while it lasts, its after-contact work when it is over. */
export function ContactView(props: Props) {
  const t = useMessages(messages);
  const interaction = useQuery(interactionQuery(props.contact.interactionId));
  return (
    <section className={styles.view} aria-label={t(NAMES[props.contact.media])} id="contact" tabIndex={-1}>
      {interaction.data !== undefined ? (
        <LoadedContact {...props} interaction={interaction.data} />
      ) : interaction.isError ? (
        <ErrorPanel what={t('contact.what')} error={interaction.error} retry={() => void interaction.refetch()} />
      ) : (
        <Loading what={t('contact.what')} rows={8} />
      )}
    </section>
  );
}

function LoadedContact({ contact, callBar, letter, onRead, onFinished, interaction }: Props & { interaction: Interaction }) {
  const form = useWrapUp(interaction, onFinished);
  const over = contact.state === 'after_contact_work';
  const { conversationId } = contact;
  const wish = useFocusWish();
  // Whatever is written in has taken the focus by now; of a call the whole is shown.
  useEffect(() => {
    if (wish.take() && !over) document.getElementById('contact')?.focus();
  }, [over, wish]);
  return (
    <>
      <ContactHeader interaction={interaction} since={contact.since} live={!over} />
      {contact.transfer !== null ? (
        <PassedOnStrip transfer={contact.transfer} interactionId={contact.interactionId} returns={contact.media !== 'voice'} />
      ) : (
        <CameFromStrip transfers={interaction.transfers} />
      )}
      {contact.media === 'message' && letter}
      {contact.media !== 'voice' && conversationId !== null ? (
        <ChatPart
          key={conversationId}
          conversationId={conversationId}
          interactionId={contact.interactionId}
          over={over}
          left={contact.media === 'message'}
          role="agent"
          onRead={onRead}
        />
      ) : (
        <FlowSteps journey={interaction.journey} />
      )}
      {(over || contact.media === 'voice') && <WrapUpFields form={form} during={!over} queueId={interaction.queue?.id ?? null} />}
      {over ? (
        <WrapUpBar form={form} startedAt={contact.since} deadline={contact.acwDeadline} left={contact.acwLeft} />
      ) : (
        contact.media === 'voice' && callBar
      )}
    </>
  );
}
