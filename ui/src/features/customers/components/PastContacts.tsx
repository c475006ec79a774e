import { useInfiniteQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { Label, MediaIcon } from '@/design/atoms';
import { ErrorPanel, Loading } from '@/design/panels';
import type { Past } from '@/shared/api/generated/types.gen';
import { catalogue } from '@/shared/i18n/catalogue';
import { useMessages } from '@/shared/i18n/useMessages';
import { formatShortDay } from '@/shared/time/format';
import { serverNow } from '@/shared/time/clock';
import { useTimeZone } from '@/shared/time/useTimeZone';
import { customerInteractionsQuery } from '../api/customers';
import en from '../locale/en.json';
import zh from '../locale/zh-CN.json';
import styles from './CustomerPanel.module.css';

const messages = catalogue(zh, en);

interface Props {
  customerId: string;
  /** The contact in hand, which is no history yet. */
  except: string | null;
  /** Reads one in place; without it they are only listed. */
  onOpen?: (interactionId: string) => void;
}

/** What happened before over any channel, the latest first, a few at a time. */
export function PastContacts({ customerId, except, onOpen }: Props) {
  const t = useMessages(messages);
  const past = useInfiniteQuery(customerInteractionsQuery(customerId));
  const items = past.data?.pages.flatMap((page) => page.items).filter(({ id }) => id !== except) ?? [];
  return (
    <section className={styles.block}>
      <h3>{t('past.title')}</h3>
      {past.isError && <ErrorPanel what={t('past.title')} error={past.error} retry={() => void past.refetch()} />}
      {past.isPending && <Loading what={t('past.title')} />}
      {past.data !== undefined && items.length === 0 && !past.hasNextPage && <p className="cl-note cl-muted">{t('past.none')}</p>}
      <ul>
        {items.map((item) => (
          <li key={item.id}>
            {onOpen === undefined ? (
              <div className={styles.past}>
                <PastContact item={item} />
              </div>
            ) : (
              <button type="button" className={`${styles.past} ${styles.opens}`} onClick={() => onOpen(item.id)}>
                <PastContact item={item} />
              </button>
            )}
          </li>
        ))}
      </ul>
      {past.hasNextPage && (
        <Button type="link" size="small" className={styles.link} loading={past.isFetchingNextPage} onClick={() => void past.fetchNextPage()}>
          {t('past.earlier')}
        </Button>
      )}
    </section>
  );
}

function PastContact({ item }: { item: Past }) {
  const t = useMessages(messages);
  const zone = useTimeZone();
  const leaf = item.disposition?.path.at(-1);
  const how = leaf === undefined ? '' : t.language === 'en' ? leaf.name_en : leaf.name;
  const words = [how, item.disposition?.note ?? ''].filter((one) => one !== '').join(' · ');
  return (
    <>
      <time className="cl-note cl-muted" dateTime={item.opened_at}>
        {formatShortDay(item.opened_at, zone, serverNow())}
      </time>
      <span className="cl-muted">
        <MediaIcon media={item.channel === 'webchat' ? 'chat' : item.channel} size={14} />
      </span>
      <span className={styles.how}>
        <span className="cl-ellipsis">{words === '' ? (item.queue?.name ?? t(`channel.${item.channel}`)) : words}</span>
        {item.agent_name !== null && <span className="cl-note cl-muted cl-ellipsis">{item.agent_name}</span>}
      </span>
      {item.rating !== null ? (
        <Label>{t('past.rated', { score: item.rating })}</Label>
      ) : (
        <Label tone={item.state === 'closed' ? 'plain' : 'warn'}>{t(item.state === 'closed' ? 'past.closed' : 'past.open')}</Label>
      )}
    </>
  );
}
