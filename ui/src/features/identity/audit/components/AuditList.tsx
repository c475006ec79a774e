import { useInfiniteQuery } from '@tanstack/react-query';
import { Button, Table, type TableColumnsType } from 'antd';
import { EmptyPanel, ErrorPanel, Loading } from '@/design/panels';
import type { AuditEntryShown } from '@/shared/api/generated/types.gen';
import { formatShortDay, formatTimeOfDay } from '@/shared/time/format';
import { serverNow } from '@/shared/time/clock';
import { useTimeZone } from '@/shared/time/useTimeZone';
import { auditQuery } from '../api';
import type { AuditFilter } from '../filter';
import { spanOf } from '../days';
import { useAuditMessages, useAuditWords } from '../sentence';
import { AuditFilters } from './AuditFilters';
import { OutcomeMark } from './OutcomeMark';
import styles from './Audit.module.css';

interface Props {
  filter: AuditFilter;
  onFilter: (filter: AuditFilter) => void;
  onOpen: (seq: number) => void;
}

/** Who did what to what, the latest first. A name is a filter for everything of that one; a number opens its entry. */
export function AuditList({ filter, onFilter, onOpen }: Props) {
  const t = useAuditMessages();
  const words = useAuditWords();
  const zone = useTimeZone();
  const entries = useInfiniteQuery(auditQuery(filter, spanOf(filter, zone)));
  const items = entries.data?.pages.flatMap((page) => page.items) ?? [];
  const names = Object.fromEntries(entries.data?.pages.flatMap((page) => Object.entries(page.names)) ?? []);
  const found = entries.data?.pages[0]?.found;
  const columns: TableColumnsType<AuditEntryShown> = [
    {
      title: t('field.seq'),
      width: 80,
      align: 'right',
      render: (_, { seq }) => (
        <button type="button" className={styles.filter} aria-label={t('one.open', { seq })} onClick={() => onOpen(seq)}>
          {seq}
        </button>
      ),
    },
    {
      title: t('field.at'),
      width: 160,
      render: (_, { at }) => (
        <time dateTime={at} className="cl-nowrap">
          {formatShortDay(at, zone, serverNow())} {formatTimeOfDay(at, t.language, zone)}
        </time>
      ),
    },
    {
      title: t('field.actor'),
      width: 150,
      render: (_, { actor }) => (
        <button type="button" className={styles.filter} onClick={() => onFilter({ ...filter, by: actor })}>
          {words.actorName(actor, names)}
        </button>
      ),
    },
    {
      title: t('field.action'),
      width: 190,
      render: (_, { action, outcome }) => (
        <>
          {words.actionName(action)} <OutcomeMark outcome={outcome} />
        </>
      ),
    },
    {
      title: t('field.subject'),
      width: 170,
      render: (_, { subject, kind }) =>
        subject !== null &&
        subject !== '' && (
          <>
            {kind !== null && <span className="cl-muted">{words.kindName(kind)} </span>}
            <button type="button" className={styles.filter} onClick={() => onFilter({ ...filter, subject })}>
              {words.subjectName(subject, names)}
            </button>
          </>
        ),
    },
    { title: t('field.detail'), responsive: ['sm'], render: (_, entry) => <div className={styles.detail}>{words.detail(entry, names)}</div> },
  ];
  return (
    <section aria-label={t('title')}>
      <AuditFilters filter={filter} names={names} onFilter={onFilter} />
      {found !== undefined && found !== null && (
        <p className="cl-note cl-muted" aria-live="polite">
          {t(found.more ? 'found_more' : 'found', { n: found.n })}
        </p>
      )}
      {entries.isError && <ErrorPanel what={t('title')} error={entries.error} retry={() => void entries.refetch()} />}
      {entries.isPending && <Loading what={t('title')} rows={10} />}
      {entries.data !== undefined && items.length === 0 && (
        <EmptyPanel
          action={
            <Button size="small" onClick={() => onFilter({})}>
              {t('filter.clear')}
            </Button>
          }
        >
          {t('none_match')}
        </EmptyPanel>
      )}
      {items.length > 0 && (
        <>
          <Table<AuditEntryShown>
            size="small"
            rowKey="seq"
            columns={columns}
            dataSource={items}
            pagination={false}
            scroll={{ x: 'max-content' }}
          />
          {entries.hasNextPage && (
            <Button className={styles.more} loading={entries.isFetchingNextPage} onClick={() => void entries.fetchNextPage()}>
              {t('more')}
            </Button>
          )}
        </>
      )}
    </section>
  );
}
