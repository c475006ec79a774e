import { MessageSquareText } from 'lucide-react';
import { catalogue } from '@/shared/i18n/catalogue';
import { useMessages } from '@/shared/i18n/useMessages';
import { useDemoMessages } from '../hooks/useDemoMessages';
import en from '../locale/en.json';
import zh from '../locale/zh-CN.json';
import styles from './DemoPhonePage.module.css';

const messages = catalogue(zh, en);

/** What this telephone got by short message. */
export function ShortMessages({ number }: { number: string }) {
  const t = useMessages(messages);
  const got = useDemoMessages(number);
  return (
    <div role="status" aria-label={t('messages')}>
      {got.map(({ code, sent_at }) => (
        <p key={sent_at} className={styles.message}>
          <MessageSquareText size={16} aria-hidden /> {t('messages.code', { code })}
        </p>
      ))}
    </div>
  );
}
