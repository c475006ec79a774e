import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { Alert, Button } from 'antd';
import { ErrorPanel } from '@/design/panels';
import { Severity } from '@/design/Severity';
import { useErrorSentence } from '@/design/useErrorSentence';
import { catalogue } from '@/shared/i18n/catalogue';
import { useMessages } from '@/shared/i18n/useMessages';
import { serverNow } from '@/shared/time/clock';
import { formatMoment } from '@/shared/time/format';
import { useTimeZone } from '@/shared/time/useTimeZone';
import { dismissedQuery, PAIRS, restorePair } from '../api/merging';
import en from '../locale/en.json';
import zh from '../locale/zh-CN.json';
import styles from './Merge.module.css';
import { Who } from './Who';

const messages = catalogue(zh, en);

/** Pairs of whom somebody said that they are not one, with who and when; it can be undone. */
export function DismissedPairs() {
  const t = useMessages(messages);
  const zone = useTimeZone();
  const sentence = useErrorSentence();
  const queries = useQueryClient();
  const said = useInfiniteQuery(dismissedQuery);
  const restore = useMutation({
    mutationFn: ([one, other]: readonly [string, string]) => restorePair(one, other),
    onSettled: () => queries.invalidateQueries({ queryKey: PAIRS }),
  });
  if (said.isError && said.data === undefined) return <ErrorPanel what={t('pairs.dismissed')} error={said.error} retry={() => void said.refetch()} />;
  const items = said.data?.pages.flatMap((page) => page.items) ?? [];
  if (items.length === 0) return null;
  return (
    <>
      <h2>{t('pairs.dismissed')}</h2>
      {restore.isError && <Alert type="error" showIcon title={sentence(restore.error)} />}
      <ul className={styles.pairs}>
        {items.map(({ one, other, by_name: name, at, changed }) => (
          <li key={`${one.id} ${other.id}`}>
            <Who customer={one} />
            <Who customer={other} />
            <span className="cl-note cl-muted">{t('pairs.dismissed_by', { name: name ?? '–', time: formatMoment(at, t.language, zone, serverNow()) })}</span>
            {changed && <Severity level="warn">{t('pairs.changed')}</Severity>}
            <Button size="small" loading={restore.isPending} onClick={() => restore.mutate([one.id, other.id])}>
              {t('pairs.restore')}
            </Button>
          </li>
        ))}
      </ul>
      {said.hasNextPage && (
        <Button loading={said.isFetchingNextPage} onClick={() => void said.fetchNextPage()}>
          {t('pairs.more')}
        </Button>
      )}
    </>
  );
}
