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
import styles from './Audit.module.css';

interface Props {
  filter: AuditFilter;
  onFilter: (filter: AuditFilter) => void;
}

/** Who did what to what, the latest first. A name is a filter for everything of that one. */
export function AuditList({ filter, onFilter }: Props) {
  const t = useAuditMessages();
  const words = useAuditWords();
  const zone = useTimeZone();
  const entries = useInfiniteQuery(auditQuery(filter, spanOf(filter, zone)));
  const items = entries.data?.pages.flatMap((page) => page.items) ?? [];
  const names = Object.fromEntries(entries.data?.pages.flatMap((page) => Object.entries(page.names)) ?? []);
  const columns: TableColumnsType<AuditEntryShown> = [
    { title: t('field.seq'), dataIndex: 'seq', width: 80, align: 'right', responsive: ['md'] },
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
    { title: t('field.action'), width: 170, render: (_, { action }) => words.actionName(action) },
    {
      title: t('field.subject'),
      width: 150,
      render: (_, { subject }) =>
        subject !== null && (
          <button type="button" className={styles.filter} onClick={() => onFilter({ ...filter, subject })}>
            {words.subjectName(subject, names)}
          </button>
        ),
    },
    { title: t('field.detail'), responsive: ['sm'], render: (_, entry) => <span className="cl-secondary">{words.detail(entry, names)}</span> },
  ];
  return (
    <section aria-label={t('title')}>
      <AuditFilters filter={filter} names={names} onFilter={onFilter} />
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
            expandable={{ expandedRowRender: (entry) => <pre className={styles.raw}>{JSON.stringify(entry, null, 2)}</pre> }}
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
