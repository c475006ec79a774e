import { useMessages } from '@/shared/i18n/useMessages';
import type { QueueFields } from '../api/queues';
import { messages } from '../messages';
import { plainWords, sayer, type Names } from '../model/plainWords';
import styles from './Settings.module.css';

/** What the settings mean, while they are being changed. */
export function PlainWords({ queue, names }: { queue: QueueFields; names: Names }) {
  const t = useMessages(messages);
  return (
    <aside className={styles.words} aria-live="polite">
      <h3 className="cl-panel-title">{t('section.words')}</h3>
      <ol>
        {plainWords(queue, sayer(messages, t), names).map((sentence, at) => (
          <li key={`${at} ${sentence}`}>{sentence}</li>
        ))}
      </ol>
    </aside>
  );
}
