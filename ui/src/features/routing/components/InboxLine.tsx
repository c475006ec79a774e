import { Mail, MessageSquareText, PhoneCall } from 'lucide-react';
import { Since } from '@/design/Duration';
import { AfterContactWorkGlyph, WarningGlyph } from '@/design/glyphs';
import type { InboxEntry } from '@/shared/api/generated/types.gen';
import { catalogue } from '@/shared/i18n/catalogue';
import { useMessages } from '@/shared/i18n/useMessages';
import { secondsSince } from '@/shared/time/format';
import { useNow } from '@/shared/time/useNow';
import en from '../locale/en.json';
import zh from '../locale/zh-CN.json';
import { REPLY_SOON_LATE_S } from '../model/urgency';
import styles from './Inbox.module.css';

const messages = catalogue(zh, en);
const ICONS = { voice: PhoneCall, chat: MessageSquareText, message: Mail } as const;

export function InboxLine({ item, chosen, onChoose }: { item: InboxEntry; chosen: boolean; onChoose: () => void }) {
  const t = useMessages(messages);
  const now = useNow();
  // A chat counts since it is whose turn, everything else since it is in this state.
  const since = item.waiting_since ?? item.since;
  const late = item.waiting_for === 'agent' && secondsSince(since, now) > REPLY_SOON_LATE_S;
  const Icon = ICONS[item.media];
  const name = item.customer.name_masked ?? item.customer.number_masked ?? t('offer.unknown');
  return (
    <button type="button" className={styles.item} aria-current={chosen ? 'true' : undefined} onClick={onChoose}>
      <span className={styles.channel} data-live={item.media === 'voice' && item.state !== 'after_contact_work'}>
        <Icon size={16} aria-hidden />
        {item.unread > 0 && (
          <span className={styles.unread} aria-label={t('inbox.unread', { n: item.unread })}>
            {item.unread > 99 ? '99+' : item.unread}
          </span>
        )}
      </span>
      <span className={styles.words}>
        <span className="cl-row" style={{ gap: 6 }}>
          <b className={`cl-ellipsis ${styles.name}`}>{name}</b>
          <span className="cl-note cl-muted cl-ellipsis cl-grow">{item.queue.name}</span>
          <span className={late ? 'cl-strong cl-warn' : chosen ? 'cl-strong' : undefined}>
            <Since moment={since} />
          </span>
        </span>
        <span className="cl-row" style={{ gap: 6 }}>
          <span className={`cl-ellipsis cl-grow ${styles.last}`}>{item.last_text ?? item.subject ?? t(`media.${item.media}`)}</span>
          <ItemState item={item} late={late} />
        </span>
      </span>
    </button>
  );
}

function ItemState({ item, late }: { item: InboxEntry; late: boolean }) {
  const t = useMessages(messages);
  if (item.state === 'after_contact_work') {
    return (
      <span className={`${styles.state} ${styles.wrapUp}`}>
        <AfterContactWorkGlyph size={12} />
        {t(item.acw_left_s === null ? 'item.after_contact_work' : 'item.paused')}
      </span>
    );
  }
  if (item.media === 'voice') return <span className={`${styles.state} ${styles.live}`}>{t(`item.${item.state}`)}</span>;
  if (item.media === 'message' && item.waiting_for !== 'agent') return <span className={`${styles.state} cl-muted`}>{t(`item.${item.state}`)}</span>;
  if (item.waiting_for === 'agent') {
    return (
      <span className={`${styles.state} ${late ? 'cl-warn' : ''}`}>
        {late && <WarningGlyph size={12} />}
        {t('item.waits_for_me')}
      </span>
    );
  }
  return <span className={`${styles.state} cl-muted`}>{t('item.waits_for_customer')}</span>;
}
