import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Button, Table, type TableColumnsType } from 'antd';
import { EmptyPanel, ErrorPanel, Loading } from '@/design/panels';
import type { CaseSummary } from '@/shared/api/generated/types.gen';
import { catalogue } from '@/shared/i18n/catalogue';
import { useMessages } from '@/shared/i18n/useMessages';
import { fetchAgain } from '@/shared/query/live';
import { useTopic } from '@/shared/realtime/RealtimeContext';
import { formatMoment } from '@/shared/time/format';
import { serverNow } from '@/shared/time/clock';
import { useTimeZone } from '@/shared/time/useTimeZone';
import { assigneesQuery, casesQuery, type CaseFilter } from '../api/cases';
import en from '../locale/en.json';
import zh from '../locale/zh-CN.json';
import { CaseFilters } from './CaseFilters';
import styles from './CaseList.module.css';
import { CaseStateLabel, CaseTypeMark } from './CaseMarks';

const messages = catalogue(zh, en);

interface Props {
  filter: CaseFilter;
  onFilter: (filter: CaseFilter) => void;
}

/** The cases that match the filter, which lives in the address. */
export function CaseList({ filter, onFilter }: Props) {
  const t = useMessages(messages);
  const zone = useTimeZone();
  const queries = useQueryClient();
  const cases = useInfiniteQuery(casesQuery(filter));
  const people = useQuery(assigneesQuery);
  const items = cases.data?.pages.flatMap((page) => page.items) ?? [];
  const refetch = () => fetchAgain(queries, ['cases', 'list']);
  useTopic('cases', { event: refetch, reset: refetch });

  const columns: TableColumnsType<CaseSummary> = [
    { title: t('field.number'), dataIndex: 'number', width: 170, responsive: ['sm'], render: (number: string, { id }) => <CaseLink id={id}>{number}</CaseLink> },
    { title: t('field.title'), dataIndex: 'title', ellipsis: true, render: (title: string, { id }) => <CaseLink id={id}>{title || t('erased')}</CaseLink> },
    { title: t('field.type'), dataIndex: 'type', width: 120, responsive: ['sm'], render: (_, { type }) => <CaseTypeMark type={type} /> },
    { title: t('field.state'), dataIndex: 'state', width: 110, render: (_, { state }) => <CaseStateLabel state={state} /> },
    { title: t('field.customer'), width: 120, responsive: ['md'], render: (_, { customer }) => customer?.name_masked ?? '\u2014' },
    { title: t('field.assignee'), width: 120, responsive: ['md'], render: (_, { assignee }) => assignee?.name ?? <span className="cl-muted">{t('assignee.none')}</span> },
    {
      title: t('field.created'),
      width: 130,
      responsive: ['lg'],
      render: (_, { created_at }) => <time dateTime={created_at}>{formatMoment(created_at, t.language, zone, serverNow())}</time>,
    },
  ];

  return (
    <section className={styles.page} aria-label={t('list.title')}>
      <CaseFilters filter={filter} people={people.data ?? []} onFilter={onFilter} />
      {cases.isError && <ErrorPanel what={t('list.title')} error={cases.error} retry={() => void cases.refetch()} />}
      {cases.isPending && <Loading what={t('list.title')} rows={8} />}
      {cases.data !== undefined && items.length === 0 && <NoCases filter={filter} clear={() => onFilter({})} />}
      {items.length > 0 && (
        <div className={styles.table}>
          <Table<CaseSummary> size="small" rowKey="id" columns={columns} dataSource={items} pagination={false} />
          {cases.hasNextPage && (
            <Button className={styles.more} loading={cases.isFetchingNextPage} onClick={() => void cases.fetchNextPage()}>
              {t('list.more')}
            </Button>
          )}
        </div>
      )}
    </section>
  );
}

function CaseLink({ id, children }: { id: string; children: string }) {
  return (
    <Link to="/cases/$caseId" params={{ caseId: id }}>
      {children}
    </Link>
  );
}

/** Says which filter hides everything, and takes it away. */
function NoCases({ filter, clear }: { filter: CaseFilter; clear: () => void }) {
  const t = useMessages(messages);
  const active = [
    filter.state === undefined ? null : t(`state.${filter.state}`),
    filter.type === undefined ? null : t(`type.${filter.type}`),
    filter.assignee === undefined ? null : filter.assignee === 'me' ? t('assignee.me') : filter.assignee === 'none' ? t('assignee.none') : t('field.assignee'),
    filter.q === undefined ? null : filter.q,
  ].filter((part) => part !== null);
  if (active.length === 0) return <EmptyPanel>{t('list.empty')}</EmptyPanel>;
  return (
    <EmptyPanel
      action={
        <Button size="small" onClick={clear}>
          {t('filter.clear')}
        </Button>
      }
    >
      {t('list.none_match', { filters: active.join(t('filter.and')) })}
    </EmptyPanel>
  );
}
