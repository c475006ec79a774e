import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Button, Table, type TableColumnsType } from 'antd';
import { Plus } from 'lucide-react';
import { Label } from '@/design/atoms';
import { EmptyPanel, ErrorPanel, Loading } from '@/design/panels';
import { SearchInput } from '@/design/SearchInput';
import type { NumberShown } from '@/shared/api/generated/types.gen';
import { useMessages } from '@/shared/i18n/useMessages';
import { serverNow } from '@/shared/time/clock';
import { formatMoment } from '@/shared/time/format';
import { useTimeZone } from '@/shared/time/useTimeZone';
import { choicesQuery, numbersQuery } from '../api/numbers';
import { messages } from '../messages';
import styles from './Settings.module.css';

interface Props {
  q: string | undefined;
  onSearch: (q: string | undefined) => void;
}

/** The numbers that customers call, where each leads, and who said so; what is looked for lives in the address. */
export function NumberList({ q, onSearch }: Props) {
  const t = useMessages(messages);
  const zone = useTimeZone();
  const numbers = useQuery(numbersQuery);
  const choices = useQuery(choicesQuery);
  const flowName = (code: string) => choices.data?.flows.find((flow) => flow.code === code)?.name ?? code;
  const words = (q ?? '').toLowerCase().replace(/\s/g, '');
  const found = numbers.data?.filter((one) => [one.number, one.name, one.entry_flow, flowName(one.entry_flow)].some((text) => text.toLowerCase().replace(/\s/g, '').includes(words)));

  const columns: TableColumnsType<NumberShown> = [
    {
      title: t('number.number'),
      render: (_, { id, number, name }) => (
        <>
          <Link to="/studio/numbers/$numberId" params={{ numberId: id }} className="cl-nowrap">
            {number}
          </Link>
          {name !== number && <div className="cl-note cl-muted">{name}</div>}
        </>
      ),
    },
    {
      title: t('number.leads_to'),
      render: (_, { entry_flow, rules = [], not_published, overlaps }) => (
        <>
          <div>{flowName(entry_flow)}</div>
          {rules.length > 0 && <div className="cl-note cl-muted">{t('number.rules_n', { n: rules.length })}</div>}
          {not_published.length > 0 && <Label tone="bad">{t('number.not_published')}</Label>}
          {overlaps.some(({ kind }) => kind === 'never') && <Label tone="warn">{t('number.never')}</Label>}
        </>
      ),
    },
    {
      title: t('number.changed'),
      width: 230,
      responsive: ['md'],
      render: (_, { changed_at, changed_by }) =>
        changed_at === null ? '\u2014' : t('number.changed_by', { name: changed_by ?? t('number.system'), time: formatMoment(changed_at, t.language, zone, serverNow()) }),
    },
  ];

  return (
    <section aria-label={t('numbers.title')}>
      <div className={styles.top}>
        <SearchInput className={styles.search} label={t('numbers.search')} words={q} onWords={onSearch} />
        {!numbers.isError && (
          <Link to="/studio/numbers/$numberId" params={{ numberId: 'new' }}>
            <Button type="primary" icon={<Plus size={14} aria-hidden />} tabIndex={-1}>
              {t('numbers.new')}
            </Button>
          </Link>
        )}
      </div>
      {numbers.isError && <ErrorPanel what={t('numbers.title')} error={numbers.error} retry={() => void numbers.refetch()} />}
      {numbers.isPending && <Loading what={t('numbers.title')} rows={4} />}
      {found?.length === 0 && (
        <EmptyPanel action={words === '' ? undefined : <Button size="small" onClick={() => onSearch(undefined)}>{t('numbers.clear')}</Button>}>
          {words === '' ? t('numbers.empty') : t('numbers.none_match', { q: q ?? '' })}
        </EmptyPanel>
      )}
      {found !== undefined && found.length > 0 && <Table<NumberShown> className={styles.table} size="small" rowKey="id" columns={columns} dataSource={found} pagination={false} />}
    </section>
  );
}
