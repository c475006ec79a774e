import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Button, Table, type TableColumnsType } from 'antd';
import { Plus } from 'lucide-react';
import { EmptyPanel, ErrorPanel, Loading } from '@/design/panels';
import { SearchInput } from '@/design/SearchInput';
import { Label, MediaIcon } from '@/design/atoms';
import type { QueueSettingsShown } from '@/shared/api/generated/types.gen';
import { useMessages } from '@/shared/i18n/useMessages';
import { queuesQuery, skillsQuery } from '../api/queues';
import { messages } from '../messages';
import { durationWords } from '../model/duration';
import styles from './Settings.module.css';

interface Props {
  q: string | undefined;
  onSearch: (q: string | undefined) => void;
}

/** The queues of the centre; what is looked for lives in the address. */
export function QueueList({ q, onSearch }: Props) {
  const t = useMessages(messages);
  const queues = useQuery(queuesQuery(q));
  const skills = useQuery(skillsQuery);
  const skillName = (code: string) => skills.data?.find((skill) => skill.code === code)?.name ?? code;
  const time = (seconds: number) => t(...durationWords(seconds));
  const queueName = (id: string | null) => queues.data?.find((queue) => queue.id === id)?.name ?? '…';

  const columns: TableColumnsType<QueueSettingsShown> = [
    {
      title: t('field.name'),
      render: (_, { id, name, code }) => (
        <>
          <Link to="/studio/queues/$queueId" params={{ queueId: id }}>
            {name}
          </Link>
          <div className="cl-note cl-muted">{code}</div>
        </>
      ),
    },
    {
      title: t('field.media'),
      width: 90,
      responsive: ['sm'],
      render: (_, { media }) => (
        <span className="cl-row" style={{ gap: 8 }}>
          {media.map((one) => (
            <span key={one} title={t(`media.${one}`)}>
              <MediaIcon media={one} size={14} />
              <span className="cl-hidden">{t(`media.${one}`)}</span>
            </span>
          ))}
        </span>
      ),
    },
    {
      title: t('field.needs'),
      responsive: ['md'],
      render: (_, { needs }) => needs.map(({ skill, level }) => `${skillName(skill)} ${level}`).join(t('words.list')) || '\u2014',
    },
    { title: t('field.strategy'), width: 120, responsive: ['lg'], render: (_, { rules }) => t(`strategy.${rules.strategy}`) },
    {
      title: t('field.target'),
      width: 150,
      responsive: ['md'],
      render: (_, { target, target_seconds }) => `${Math.round(target * 100)}% / ${time(target_seconds)}`,
    },
    { title: t('field.max_wait'), width: 110, responsive: ['lg'], render: (_, { rules }) => (rules.max_wait_s === null ? t('field.unlimited') : time(rules.max_wait_s)) },
    {
      title: t('field.overflow'),
      width: 170,
      responsive: ['lg'],
      render: (_, { rules }) => (rules.overflow === 'queue' ? `→ ${queueName(rules.overflow_to)}` : t(`overflow.${rules.overflow}`)),
    },
    { title: '', width: 90, align: 'right', render: (_, { rules }) => (rules.closed ? <Label tone="warn">{t('queue.closed')}</Label> : <Label tone="ok">{t('queue.open')}</Label>) },
  ];

  return (
    <section aria-label={t('queues.title')}>
      <div className={styles.top}>
        <SearchInput className={styles.search} label={t('queues.search')} words={q} onWords={onSearch} />
        {!queues.isError && (
          <Link to="/studio/queues/$queueId" params={{ queueId: 'new' }}>
            <Button type="primary" icon={<Plus size={14} aria-hidden />} tabIndex={-1}>
              {t('queues.new')}
            </Button>
          </Link>
        )}
      </div>
      {queues.isError && <ErrorPanel what={t('queues.title')} error={queues.error} retry={() => void queues.refetch()} />}
      {queues.isPending && <Loading what={t('queues.title')} rows={6} />}
      {queues.data?.length === 0 && (
        <EmptyPanel action={q === undefined ? undefined : <Button size="small" onClick={() => onSearch(undefined)}>{t('queues.clear')}</Button>}>
          {q === undefined ? t('queues.empty') : t('queues.none_match', { q })}
        </EmptyPanel>
      )}
      {queues.data !== undefined && queues.data.length > 0 && (
        <Table<QueueSettingsShown> className={styles.table} size="small" rowKey="id" columns={columns} dataSource={queues.data} pagination={false} />
      )}
    </section>
  );
}
