import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Button, Table, type TableColumnsType } from 'antd';
import { Label } from '@/design/atoms';
import { EmptyPanel, ErrorPanel, Loading } from '@/design/panels';
import { Severity } from '@/design/Severity';
import type { CustomerFound } from '@/shared/api/generated/types.gen';
import { catalogue } from '@/shared/i18n/catalogue';
import { useMessages } from '@/shared/i18n/useMessages';
import { customersQuery } from '../api/customers';
import en from '../locale/en.json';
import zh from '../locale/zh-CN.json';
import styles from './CustomerList.module.css';
import { CustomerSearch } from './CustomerSearch';

const messages = catalogue(zh, en);

interface Props {
  q: string | undefined;
  onSearch: (q: string | undefined) => void;
}

/** Customers by part of a number, a name or how it sounds; what is asked for lives in the address. */
export function CustomerList({ q, onSearch }: Props) {
  const t = useMessages(messages);
  const customers = useInfiniteQuery(customersQuery(q));
  const items = customers.data?.pages.flatMap((page) => page.items) ?? [];
  const more = customers.data?.pages.some((page) => page.more) ?? false;

  const columns: TableColumnsType<CustomerFound> = [
    {
      title: t('field.name'),
      width: 180,
      render: (_, { id, name_masked, level }) => (
        <span className="cl-row" style={{ gap: 6 }}>
          <Link to="/customers/$customerId" params={{ customerId: id }} className="cl-ellipsis">
            {name_masked}
          </Link>
          {level !== 'standard' && <Label tone="accent">{t(`level.${level}`)}</Label>}
        </span>
      ),
    },
    { title: t('field.numbers'), render: (_, item) => <Numbers item={item} /> },
    { title: t('field.kind'), width: 80, responsive: ['md'], render: (_, { kind }) => t(`kind.${kind}`) },
    {
      title: t('field.tags'),
      responsive: ['md'],
      render: (_, { tags }) => (
        <span className={styles.tags}>
          {tags.map((tag) => (
            <Label key={tag}>{tag}</Label>
          ))}
        </span>
      ),
    },
    { title: t('field.since'), dataIndex: 'since', width: 120, responsive: ['lg'] },
  ];

  return (
    <section className={styles.page} aria-label={t('list.title')}>
      <CustomerSearch q={q} onSearch={onSearch} />
      {customers.isError && <ErrorPanel what={t('list.title')} error={customers.error} retry={() => void customers.refetch()} />}
      {customers.isPending && <Loading what={t('list.title')} rows={8} />}
      {customers.data !== undefined && items.length === 0 && <NobodyFound q={q} clear={() => onSearch(undefined)} />}
      {items.length > 0 && (
        <div className={styles.table}>
          <Table<CustomerFound> size="small" rowKey="id" columns={columns} dataSource={items} pagination={false} />
          {more && <p className={`cl-note cl-muted ${styles.more}`}>{t('list.say_more', { n: items.length })}</p>}
          {customers.hasNextPage && (
            <Button className={styles.more} loading={customers.isFetchingNextPage} onClick={() => void customers.fetchNextPage()}>
              {t('list.more')}
            </Button>
          )}
        </div>
      )}
    </section>
  );
}

/** Some lines, the one that was asked for first. */
function Numbers({ item }: { item: CustomerFound }) {
  const t = useMessages(messages);
  const left = item.lines_in_all - item.lines.length;
  return (
    <ul className={styles.numbers}>
      {item.lines.map((line) => (
        <li key={line.id} className="cl-row" style={{ gap: 8 }}>
          <span className="cl-nowrap">{line.msisdn_masked}</span>
          <span className="cl-note cl-muted">{t(`brand.${line.brand}`)}</span>
          {line.status !== 'active' && <Severity level="warn">{t(`status.${line.status}`)}</Severity>}
        </li>
      ))}
      {item.lines.length === 0 && <li className="cl-note cl-muted">{t('subscriptions.none')}</li>}
      {left > 0 && <li className="cl-note cl-muted">{t('list.more_lines', { n: left })}</li>}
    </ul>
  );
}

function NobodyFound({ q, clear }: { q: string | undefined; clear: () => void }) {
  const t = useMessages(messages);
  if (q === undefined) return <EmptyPanel>{t('list.empty')}</EmptyPanel>;
  return (
    <EmptyPanel
      action={
        <Button size="small" onClick={clear}>
          {t('search.clear')}
        </Button>
      }
    >
      {t('list.nobody', { q })}
    </EmptyPanel>
  );
}
