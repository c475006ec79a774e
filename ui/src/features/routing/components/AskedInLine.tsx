import { UsersRound } from 'lucide-react';
import { Since } from '@/design/Duration';
import type { AskedInEntry } from '@/shared/api/generated/types.gen';
import { catalogue } from '@/shared/i18n/catalogue';
import { useMessages } from '@/shared/i18n/useMessages';
import en from '../locale/en.json';
import zh from '../locale/zh-CN.json';
import styles from './Inbox.module.css';

const messages = catalogue(zh, en);

/** A colleague's chat into which I was asked. */
export function AskedInLine({ entry, chosen, onChoose }: { entry: AskedInEntry; chosen: boolean; onChoose: () => void }) {
  const t = useMessages(messages);
  return (
    <button type="button" className={styles.item} aria-current={chosen ? 'true' : undefined} onClick={onChoose}>
      <span className={styles.channel}>
        <UsersRound size={16} aria-hidden />
      </span>
      <span className={styles.words}>
        <span className="cl-row" style={{ gap: 6 }}>
          <b className={`cl-ellipsis ${styles.name}`}>{entry.customer.name_masked ?? entry.customer.number_masked ?? t('offer.unknown')}</b>
          <span className="cl-note cl-muted cl-ellipsis cl-grow">{entry.queue?.name}</span>
          <Since moment={entry.since} />
        </span>
        <span className={`cl-ellipsis ${styles.last}`}>
          {t(entry.role === 'consultant' ? 'inbox.consults' : 'inbox.joins', { name: entry.asked_by ?? t('offer.colleague') })}
        </span>
      </span>
    </button>
  );
}
