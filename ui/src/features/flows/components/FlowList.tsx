import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Button, Table, type TableColumnsType } from 'antd';
import { EmptyPanel, ErrorPanel, Loading } from '@/design/panels';
import { SearchInput } from '@/design/SearchInput';
import type { FlowSummary } from '@/shared/api/generated/types.gen';
import { useMessages } from '@/shared/i18n/useMessages';
import { useMay } from '@/shared/session/session';
import { serverNow } from '@/shared/time/clock';
import { formatMoment } from '@/shared/time/format';
import { useTimeZone } from '@/shared/time/useTimeZone';
import { flowsQuery } from '../api/flows';
import { messages } from '../messages';
import styles from './FlowList.module.css';
import { FlowState } from './FlowState';
import { NewFlow } from './NewFlow';

interface Props {
  q: string | undefined;
  onSearch: (q: string | undefined) => void;
  onOpen: (code: string) => void;
}

/** All flows: what leads to each, what is in force, and whether somebody is writing another version. */
export function FlowList({ q, onSearch, onOpen }: Props) {
  const t = useMessages(messages);
  const may = useMay();
  const zone = useTimeZone();
  const flows = useQuery(flowsQuery);
  const words = (q ?? '').toLowerCase().trim();
  const found = flows.data?.filter(({ code, name }) => code.includes(words) || name.toLowerCase().includes(words));
  const columns: TableColumnsType<FlowSummary> = [
    {
      title: t('flow.name'),
      render: (_, { code, name }) => (
        <>
          <Link to="/studio/flows/$code" params={{ code }}>
            {name}
          </Link>
          <div className="cl-note cl-muted">{code}</div>
        </>
      ),
    },
    { title: t('flow.for'), render: (_, { entry_channel }) => t(entry_channel === 'webchat' ? 'flow.for.webchat' : entry_channel === null ? 'flow.for.named' : 'flow.for.voice') },
    {
      title: t('flow.state'),
      render: (_, flow) => <FlowState flow={flow} />,
    },
    {
      title: t('flow.changed'),
      width: 200,
      responsive: ['md'],
      render: (_, { changed_at }) => formatMoment(changed_at, t.language, zone, serverNow()),
    },
  ];
  return (
    <section aria-label={t('flows')}>
      <div className={styles.top}>
        <SearchInput className={styles.search} label={t('flows.search')} words={q} onWords={onSearch} />
        {may('flow:manage') && <NewFlow onMade={onOpen} />}
      </div>
      {flows.isError && <ErrorPanel what={t('flows')} error={flows.error} retry={() => void flows.refetch()} />}
      {flows.isPending && <Loading what={t('flows')} rows={4} />}
      {found?.length === 0 && (
        <EmptyPanel action={words === '' ? undefined : <Button size="small" onClick={() => onSearch(undefined)}>{t('flows.clear')}</Button>}>
          {words === '' ? t('flows.empty') : t('flows.none_match', { q: q ?? '' })}
        </EmptyPanel>
      )}
      {found !== undefined && found.length > 0 && <Table<FlowSummary> className={styles.table} size="small" rowKey="code" columns={columns} dataSource={found} pagination={false} />}
    </section>
  );
}
