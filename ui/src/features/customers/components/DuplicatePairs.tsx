import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Alert, Button } from 'antd';
import { EmptyPanel, ErrorPanel, Loading } from '@/design/panels';
import { useErrorSentence } from '@/design/useErrorSentence';
import { catalogue } from '@/shared/i18n/catalogue';
import { useMessages } from '@/shared/i18n/useMessages';
import { dismissPair, pairsQuery } from '../api/merging';
import en from '../locale/en.json';
import zh from '../locale/zh-CN.json';
import { DismissedPairs } from './DismissedPairs';
import { Likeliness } from './Likeliness';
import styles from './Merge.module.css';
import { Who } from './Who';

const messages = catalogue(zh, en);

/** Customers who share a way to reach them, two by two. */
export function DuplicatePairs() {
  const t = useMessages(messages);
  const sentence = useErrorSentence();
  const queries = useQueryClient();
  const pairs = useQuery(pairsQuery);
  const dismiss = useMutation({
    mutationFn: ([one, other]: readonly [string, string]) => dismissPair(one, other),
    onSettled: () => queries.invalidateQueries({ queryKey: pairsQuery.queryKey }),
  });
  if (pairs.isError && pairs.data === undefined) return <ErrorPanel what={t('pairs.title')} error={pairs.error} retry={() => void pairs.refetch()} />;
  if (pairs.isPending) return <Loading what={t('pairs.title')} rows={6} />;
  return (
    <section className={styles.page} aria-label={t('pairs.title')}>
      <p className="cl-note cl-muted">{t('pairs.what')}</p>
      {dismiss.isError && <Alert type="error" showIcon title={sentence(dismiss.error)} />}
      {pairs.data.length === 0 && <EmptyPanel>{t('pairs.none')}</EmptyPanel>}
      <ul className={styles.pairs}>
        {pairs.data.map(({ one, other, likeness, reasons }) => (
          <li key={`${one.id} ${other.id}`}>
            <Who customer={one} />
            <Who customer={other} />
            <Likeliness likeness={likeness} reasons={reasons} />
            <span className="cl-row" style={{ gap: 12 }}>
              <Link to="/customers/$customerId/merge" params={{ customerId: one.id }} search={{ with: other.id }}>
                {t('duplicates.compare')}
              </Link>
              <Button size="small" loading={dismiss.isPending} onClick={() => dismiss.mutate([one.id, other.id])}>
                {t('pairs.dismiss')}
              </Button>
            </span>
          </li>
        ))}
      </ul>
      <DismissedPairs />
    </section>
  );
}
