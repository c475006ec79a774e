import { useQuery } from '@tanstack/react-query';
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
const SHOWN = 5;

/** What happened before, the latest first. */
export function PastContacts({ customerId, except }: { customerId: string; except: string | null }) {
  const t = useMessages(messages);
  const past = useQuery(customerInteractionsQuery(customerId));
  const items = past.data?.items.filter(({ id }) => id !== except) ?? [];
  return (
    <section className={styles.block}>
      <h3>{t('past.title')}</h3>
      {past.isError && <ErrorPanel what={t('past.title')} error={past.error} retry={() => void past.refetch()} />}
      {past.isPending && <Loading what={t('past.title')} />}
      {past.data !== undefined && items.length === 0 && <p className="cl-note cl-muted">{t('past.none')}</p>}
      {items.slice(0, SHOWN).map((item) => (
        <PastContact key={item.id} item={item} />
      ))}
      {items.length > SHOWN && <p className="cl-note cl-muted">{t('past.more', { n: items.length - SHOWN })}</p>}
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
    <div className={styles.past}>
      <time className="cl-note cl-muted" dateTime={item.opened_at}>
        {formatShortDay(item.opened_at, zone, serverNow())}
      </time>
      <span className="cl-muted">
        <MediaIcon media={item.channel === 'voice' ? 'voice' : 'chat'} size={14} />
      </span>
      <span className="cl-ellipsis">{words === '' ? (item.queue?.name ?? t(`channel.${item.channel}`)) : words}</span>
      {item.rating !== null ? (
        <Label>{t('past.rated', { score: item.rating })}</Label>
      ) : (
        <Label tone={item.state === 'closed' ? 'plain' : 'warn'}>{t(item.state === 'closed' ? 'past.closed' : 'past.open')}</Label>
      )}
    </div>
  );
}
