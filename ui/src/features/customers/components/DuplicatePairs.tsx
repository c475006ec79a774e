import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Alert, Button, Select } from 'antd';
import { useState } from 'react';
import { EmptyPanel, ErrorPanel, Loading } from '@/design/panels';
import { useErrorSentence } from '@/design/useErrorSentence';
import { catalogue } from '@/shared/i18n/catalogue';
import { useMessages } from '@/shared/i18n/useMessages';
import type { Likeness } from '@/shared/api/generated/types.gen';
import { dismissPair, LIKENESSES, PAIRS, pairsQuery } from '../api/merging';
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
  const [likeness, setLikeness] = useState<Likeness | undefined>();
  const pairs = useInfiniteQuery(pairsQuery(likeness));
  const dismiss = useMutation({
    mutationFn: ([one, other]: readonly [string, string]) => dismissPair(one, other),
    onSettled: () => queries.invalidateQueries({ queryKey: PAIRS }),
  });
  const items = pairs.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <section className={styles.page} aria-label={t('pairs.title')}>
      <p className="cl-note cl-muted">{t('pairs.what')}</p>
      {dismiss.isError && <Alert type="error" showIcon title={sentence(dismiss.error)} />}
      <Select<Likeness | 'any'>
        aria-label={t('pairs.likeness')}
        style={{ inlineSize: 200, alignSelf: 'flex-start' }}
        value={likeness ?? 'any'}
        onChange={(chosen) => setLikeness(chosen === 'any' ? undefined : chosen)}
        options={[{ value: 'any', label: t('pairs.any') }, ...LIKENESSES.map((one) => ({ value: one, label: t(`likeness.${one}`) }))]}
      />
      {pairs.isError && <ErrorPanel what={t('pairs.title')} error={pairs.error} retry={() => void pairs.refetch()} />}
      {pairs.isPending && <Loading what={t('pairs.title')} rows={6} />}
      {pairs.data !== undefined && items.length === 0 && !pairs.hasNextPage && <EmptyPanel>{t(likeness === undefined ? 'pairs.none' : 'pairs.none_like')}</EmptyPanel>}
      <ul className={styles.pairs}>
        {items.map(({ one, other, likeness, reasons }) => (
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
      {pairs.hasNextPage && (
        <Button loading={pairs.isFetchingNextPage} onClick={() => void pairs.fetchNextPage()}>
          {t('pairs.more')}
        </Button>
      )}
      <DismissedPairs />
    </section>
  );
}
