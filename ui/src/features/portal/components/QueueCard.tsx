import { Headset } from 'lucide-react';
import { useLocale } from '@/shared/i18n/useMessages';
import { queueKept, queueText, stateText, waitText } from '@/shared/visitor/words';
import { useChatView } from '../hooks/useChat';
import styles from './Card.module.css';

/** Where I stand in the queue. */
export function QueueCard({ position }: { position: number | null }) {
  const language = useLocale();
  const { now } = useChatView();
  const wait = waitText(now, language);
  return (
    <section className={styles.card} role="status">
      <span className={styles.mark}>
        <Headset size={20} aria-hidden />
      </span>
      <div>
        <h2>{queueText(position, language) ?? stateText(now, language)}</h2>
        {wait !== null && <p>{wait}</p>}
        <p className={styles.note}>{queueKept(language)}</p>
      </div>
    </section>
  );
}
