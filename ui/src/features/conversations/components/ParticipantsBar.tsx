import { App, Button } from 'antd';
import { Eye, UsersRound, X } from 'lucide-react';
import { useErrorSentence } from '@/design/useErrorSentence';
import type { Participant } from '@/shared/api/generated/types.gen';
import { catalogue } from '@/shared/i18n/catalogue';
import { useMessages } from '@/shared/i18n/useMessages';
import { letGo } from '../api/colleagues';
import en from '../locale/en.json';
import zh from '../locale/zh-CN.json';
import styles from './Transfer.module.css';

const messages = catalogue(zh, en);

interface Props {
  conversationId: string;
  participants: readonly Participant[];
  /** The agent of the chat lets go whom they asked in. */
  leads: boolean;
}

/** Who of us is in this conversation, and whether the customer sees them. Alone, there is nothing to say. */
export function ParticipantsBar({ conversationId, participants, leads }: Props) {
  const t = useMessages(messages);
  const { message } = App.useApp();
  const sentence = useErrorSentence();
  if (participants.length < 2) return null;
  const go = (one: Participant) => letGo(conversationId, one.user_id).catch((error: unknown) => void message.error(sentence(error)));
  return (
    <div className={styles.strip} role="group" aria-label={t('participants.title')}>
      <UsersRound size={16} aria-hidden />
      <ul className={styles.present}>
        {participants.map((one) => (
          <li key={one.user_id} className={styles.one} data-role={one.role}>
            {one.role === 'supervisor_listening' && <Eye size={12} aria-hidden />}
            <b>{one.name ?? t('participants.staff')}</b>
            <span className="cl-note">{t(`role.${one.role}`)}</span>
            {leads && (one.role === 'consultant' || one.role === 'colleague') && (
              <Button
                type="text"
                size="small"
                icon={<X size={12} aria-hidden />}
                aria-label={t('participants.let_go', { name: one.name ?? '' })}
                onClick={() => void go(one)}
              />
            )}
          </li>
        ))}
      </ul>
    </div>
  );
}
