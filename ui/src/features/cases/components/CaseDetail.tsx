import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Dot } from '@/design/atoms';
import { ErrorPanel, Loading } from '@/design/panels';
import type { Case } from '@/shared/api/generated/types.gen';
import { catalogue } from '@/shared/i18n/catalogue';
import { useMessages } from '@/shared/i18n/useMessages';
import { fetchAgain } from '@/shared/query/live';
import { useTopic } from '@/shared/realtime/RealtimeContext';
import { useMay } from '@/shared/session/session';
import { formatMoment } from '@/shared/time/format';
import { serverNow } from '@/shared/time/clock';
import { useTimeZone } from '@/shared/time/useTimeZone';
import { caseQuery } from '../api/cases';
import en from '../locale/en.json';
import zh from '../locale/zh-CN.json';
import { CaseActions } from './CaseActions';
import styles from './CaseDetail.module.css';
import { CaseHistory } from './CaseHistory';
import { CaseStateLabel, CaseTypeMark } from './CaseMarks';

const messages = catalogue(zh, en);

/** One case: what it is about, what was done, what can be done now. `more` stands between what was said and done. */
export function CaseDetail({ caseId, more }: { caseId: string; more?: ReactNode }) {
  const t = useMessages(messages);
  const queries = useQueryClient();
  const found = useQuery(caseQuery(caseId));
  const refetch = () => fetchAgain(queries, caseQuery(caseId).queryKey);
  useTopic(`case:${caseId}`, { event: refetch, reset: refetch });

  // What is held stays when asking again fails: somebody may be writing in it.
  if (found.isError && found.data === undefined) return <ErrorPanel what={t('one.what')} error={found.error} retry={() => void found.refetch()} />;
  if (found.data === undefined) return <Loading what={t('one.what')} rows={8} />;
  return <LoadedCase item={found.data} more={more} />;
}

function LoadedCase({ item, more }: { item: Case; more: ReactNode }) {
  const t = useMessages(messages);
  const may = useMay();
  const zone = useTimeZone();
  return (
    <article className={styles.case} aria-label={item.title || t('erased')}>
      <header className={styles.head}>
        <div className="cl-row" style={{ gap: 8, flexWrap: 'wrap' }}>
          <h2 className="cl-page-title">{item.title || t('erased')}</h2>
          <CaseStateLabel state={item.state} />
        </div>
        <p className={`cl-note cl-muted ${styles.facts}`}>
          <CaseTypeMark type={item.type} />
          {item.customer !== null && (
            <span>
              <Dot />
              {item.customer.name_masked}
            </span>
          )}
          <span>
            <Dot />
            {t('one.created', { time: formatMoment(item.created_at, t.language, zone, serverNow()), name: item.created_by?.name ?? t('history.machine') })}
          </span>
          <span>
            <Dot />
            {item.assignee === null ? t('one.nobody') : t('one.with', { name: item.assignee.name })}
          </span>
        </p>
      </header>
      <div className={styles.body}>
        <div className={styles.story}>
          <section className={styles.text} aria-label={t('field.text')}>
            {item.text}
          </section>
          {more}
          <CaseHistory events={item.history} />
        </div>
        {may('case:write') && <CaseActions key={item.id} item={item} />}
      </div>
    </article>
  );
}
