import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { EmptyPanel, ErrorPanel, Loading } from '@/design/panels';
import type { CustomerShown } from '@/shared/api/generated/types.gen';
import { catalogue } from '@/shared/i18n/catalogue';
import { useMessages } from '@/shared/i18n/useMessages';
import { pairsQuery } from '../api/merging';
import en from '../locale/en.json';
import zh from '../locale/zh-CN.json';
import { Likeliness } from './Likeliness';
import styles from './Merge.module.css';

const messages = catalogue(zh, en);

/** Customers who share a way to reach them, two by two. */
export function DuplicatePairs() {
  const t = useMessages(messages);
  const pairs = useQuery(pairsQuery);
  if (pairs.isError && pairs.data === undefined) return <ErrorPanel what={t('pairs.title')} error={pairs.error} retry={() => void pairs.refetch()} />;
  if (pairs.isPending) return <Loading what={t('pairs.title')} rows={6} />;
  return (
    <section className={styles.page} aria-label={t('pairs.title')}>
      <p className="cl-note cl-muted">{t('pairs.what')}</p>
      {pairs.data.length === 0 && <EmptyPanel>{t('pairs.none')}</EmptyPanel>}
      <ul className={styles.pairs}>
        {pairs.data.map(({ one, other, likeness, reasons }) => (
          <li key={`${one.id} ${other.id}`}>
            <Who customer={one} />
            <Who customer={other} />
            <Likeliness likeness={likeness} reasons={reasons} />
            <Link to="/customers/$customerId/merge" params={{ customerId: one.id }} search={{ with: other.id }}>
              {t('duplicates.compare')}
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Who({ customer }: { customer: CustomerShown }) {
  return (
    <span className="cl-row" style={{ gap: 8, flexWrap: 'wrap' }}>
      <Link to="/customers/$customerId" params={{ customerId: customer.id }}>
        {customer.name_masked}
      </Link>
      <span className="cl-note cl-muted">{customer.subscriptions[0]?.msisdn_masked}</span>
    </span>
  );
}
